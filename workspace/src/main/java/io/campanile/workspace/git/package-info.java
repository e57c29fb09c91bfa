/** Git folders: credentials, clones, working trees as objects, commits, merges. */
@NullMarked
package io.campanile.workspace.git;

import org.jspecify.annotations.NullMarked;
