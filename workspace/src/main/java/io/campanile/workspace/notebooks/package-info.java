/** The client of the notebook service, which owns the documents behind the tree's entries. */
@NullMarked
package io.campanile.workspace.notebooks;

import org.jspecify.annotations.NullMarked;
