/** The text of notebooks: the operation log, operational transformation, revisions, import and export. */
@NullMarked
package io.campanile.notebooks.documents;

import org.jspecify.annotations.NullMarked;
