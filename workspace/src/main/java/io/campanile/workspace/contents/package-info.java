/** The contents of FILE entries: written once, referred to by a row, deleted when no row refers to them. */
@NullMarked
package io.campanile.workspace.contents;

import org.jspecify.annotations.NullMarked;
