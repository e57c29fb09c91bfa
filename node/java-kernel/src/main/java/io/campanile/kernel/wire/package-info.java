/** The Jupyter protocol over ZeroMQ: frames, signatures and the blocking socket loops. */
@NullMarked
package io.campanile.kernel.wire;

import org.jspecify.annotations.NullMarked;
