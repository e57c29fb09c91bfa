/** What a person may do with a notebook, asked of the workspace service and remembered for a few seconds. */
@NullMarked
package io.campanile.notebooks.access;

import org.jspecify.annotations.NullMarked;
