/** Who may do what: every route of the dump, called by everybody, and the same with each rule switched off. */
@NullMarked
package io.campanile.launcher.matrix;

import org.jspecify.annotations.NullMarked;
