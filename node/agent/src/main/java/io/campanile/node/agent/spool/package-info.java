/** The durable buffer of a node: what a run printed stays here until notebook-service has stored it. */
@NullMarked
package io.campanile.node.agent.spool;

import org.jspecify.annotations.NullMarked;
