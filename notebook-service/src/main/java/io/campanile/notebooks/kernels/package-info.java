/** The kernel of each notebook on each cluster, and the questions an editor asks it. */
@NullMarked
package io.campanile.notebooks.kernels;

import org.jspecify.annotations.NullMarked;
