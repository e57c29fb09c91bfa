/** The workspace's files as Spark sees them: the file system {@code dbfs:}. */
@NullMarked
package io.campanile.node.files.dbfs;

import org.jspecify.annotations.NullMarked;
