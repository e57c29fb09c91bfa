/** Images that people paste into notebooks, kept by the hash of their content. */
@NullMarked
package io.campanile.notebooks.attachments;

import org.jspecify.annotations.NullMarked;
