/** The executor process of a worker node. */
@NullMarked
package io.campanile.node.agent.executor;

import org.jspecify.annotations.NullMarked;
