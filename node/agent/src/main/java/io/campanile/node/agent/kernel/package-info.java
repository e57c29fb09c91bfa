/** Jupyter kernels as processes spoken to over ZeroMQ. */
@NullMarked
package io.campanile.node.agent.kernel;

import org.jspecify.annotations.NullMarked;
