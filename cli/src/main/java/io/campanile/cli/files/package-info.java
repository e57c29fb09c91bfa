/** Files of DBFS and of volumes. */
@NullMarked
package io.campanile.cli.files;

import org.jspecify.annotations.NullMarked;
