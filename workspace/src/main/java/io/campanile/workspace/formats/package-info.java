/** Notebooks as files: pure functions between cells and the SOURCE, JUPYTER and HTML formats. */
@NullMarked
package io.campanile.workspace.formats;

import org.jspecify.annotations.NullMarked;
