/** Nodes: their rows, their control stream and the processes they report. */
@NullMarked
package io.campanile.clusters.node;

import org.jspecify.annotations.NullMarked;
