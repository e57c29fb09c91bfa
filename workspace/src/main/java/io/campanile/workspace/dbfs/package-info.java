/** The DBFS API: files in blocks of base64, by paths and handles. */
@NullMarked
package io.campanile.workspace.dbfs;

import org.jspecify.annotations.NullMarked;
