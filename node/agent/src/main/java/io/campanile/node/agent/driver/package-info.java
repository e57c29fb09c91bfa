/** The Spark driver process of a node. */
@NullMarked
package io.campanile.node.agent.driver;

import org.jspecify.annotations.NullMarked;
