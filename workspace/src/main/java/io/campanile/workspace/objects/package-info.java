/** The tree: folders, names, ids, permissions, import and export, home folders and the trash. */
@NullMarked
package io.campanile.workspace.objects;

import org.jspecify.annotations.NullMarked;
