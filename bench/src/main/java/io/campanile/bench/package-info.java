/** Measures a built installation from outside and prints what it finds; nothing is asserted. */
@NullMarked
package io.campanile.bench;

import org.jspecify.annotations.NullMarked;
