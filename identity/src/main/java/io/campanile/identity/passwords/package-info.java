/** Changing one's own password, and resetting another's. */
@NullMarked
package io.campanile.identity.passwords;

import org.jspecify.annotations.NullMarked;
