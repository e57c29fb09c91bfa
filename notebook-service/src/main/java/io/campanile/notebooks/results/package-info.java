/** Tables that runs made: kept as Arrow files, read by pages, sorted, filtered, profiled and downloaded. */
@NullMarked
package io.campanile.notebooks.results;

import org.jspecify.annotations.NullMarked;
