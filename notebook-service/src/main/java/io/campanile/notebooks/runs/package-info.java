/** Execution of cells: the queue in the database, the dispatch to nodes, and everything a run printed. */
@NullMarked
package io.campanile.notebooks.runs;

import org.jspecify.annotations.NullMarked;
