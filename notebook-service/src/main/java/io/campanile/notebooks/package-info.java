/** The notebook service: documents, live sockets, runs and results, put together. */
@NullMarked
package io.campanile.notebooks;

import org.jspecify.annotations.NullMarked;
