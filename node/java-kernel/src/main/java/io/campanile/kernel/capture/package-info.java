/** Sends the cell classes a Spark request needs, with the values of the variables they read. */
@NullMarked
package io.campanile.kernel.capture;

import org.jspecify.annotations.NullMarked;
