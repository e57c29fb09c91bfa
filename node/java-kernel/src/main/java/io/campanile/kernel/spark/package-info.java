/** The connection to the cluster: session, token, progress and Spark's errors. */
@NullMarked
package io.campanile.kernel.spark;

import org.jspecify.annotations.NullMarked;
