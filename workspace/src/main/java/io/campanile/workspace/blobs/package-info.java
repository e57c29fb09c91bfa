/** Where the bytes of files are kept: a folder, or a bucket. */
@NullMarked
package io.campanile.workspace.blobs;

import org.jspecify.annotations.NullMarked;
