/** Evaluation of Java cells on JShell: class loading, stop checks, the worker thread and errors. */
@NullMarked
package io.campanile.kernel.cells;

import org.jspecify.annotations.NullMarked;
