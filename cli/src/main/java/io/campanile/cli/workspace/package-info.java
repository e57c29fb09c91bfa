/** Folders and notebooks of the workspace. */
@NullMarked
package io.campanile.cli.workspace;

import org.jspecify.annotations.NullMarked;
