/** Folders as zip files: what comes from outside is looked through before a byte of it counts. */
@NullMarked
package io.campanile.workspace.archives;

import org.jspecify.annotations.NullMarked;
