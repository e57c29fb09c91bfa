/** The two outbound WebSockets of a node, which reconnect for ever. */
@NullMarked
package io.campanile.node.agent.stream;

import org.jspecify.annotations.NullMarked;
