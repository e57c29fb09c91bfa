/** The agent of a cluster machine: starts the driver and the kernels, and carries their work to the control plane. */
@NullMarked
package io.campanile.node.agent;

import org.jspecify.annotations.NullMarked;
