/** The logs of a node on their way to cluster-manager. */
@NullMarked
package io.campanile.node.agent.logs;

import org.jspecify.annotations.NullMarked;
