/** Real kernels and real Spark Connect servers for the tests, each in its own process. */
@NullMarked
package io.campanile.kernel.harness;

import org.jspecify.annotations.NullMarked;
