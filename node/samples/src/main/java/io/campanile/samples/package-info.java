/** Makes the Parquet files of the samples database from published packages. */
@NullMarked
package io.campanile.samples;

import org.jspecify.annotations.NullMarked;
