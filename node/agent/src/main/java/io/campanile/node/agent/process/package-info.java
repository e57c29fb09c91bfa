/** Child processes: started, logged within limits, and ended with their descendants. */
@NullMarked
package io.campanile.node.agent.process;

import org.jspecify.annotations.NullMarked;
