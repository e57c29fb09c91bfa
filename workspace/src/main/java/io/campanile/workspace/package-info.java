/** The workspace service: the tree of folders and notebooks, who may see what, and what goes in and out of it. */
@NullMarked
package io.campanile.workspace;

import org.jspecify.annotations.NullMarked;
