/** What the processes of a node take, and what its machine has left. */
@NullMarked
package io.campanile.node.agent.usage;

import org.jspecify.annotations.NullMarked;
