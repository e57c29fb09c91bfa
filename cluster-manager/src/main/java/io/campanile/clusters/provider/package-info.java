/** Where nodes come from: starting, finding and ending their processes. */
@NullMarked
package io.campanile.clusters.provider;

import org.jspecify.annotations.NullMarked;
