/** The execution of cells: queues, output records and result files. */
@NullMarked
package io.campanile.node.agent.run;

import org.jspecify.annotations.NullMarked;
