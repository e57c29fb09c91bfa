/** The cluster manager: clusters as people see them, the nodes behind them and what keeps the two in step. */
@NullMarked
package io.campanile.clusters;

import org.jspecify.annotations.NullMarked;
