/** What a cell shows: printed text, MIME bundles and result files. */
@NullMarked
package io.campanile.kernel.output;

import org.jspecify.annotations.NullMarked;
