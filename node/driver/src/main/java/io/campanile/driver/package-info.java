/** The driver process of a cluster: embedded Spark that answers Spark Connect on loopback. */
@NullMarked
package io.campanile.driver;

import org.jspecify.annotations.NullMarked;
