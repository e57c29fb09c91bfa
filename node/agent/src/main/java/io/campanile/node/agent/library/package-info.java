/** The libraries of the cluster on its driver's node: fetched by a process of their own, then handed to Spark and the kernels. */
@NullMarked
package io.campanile.node.agent.library;

import org.jspecify.annotations.NullMarked;
