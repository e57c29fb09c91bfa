/** The keys that sign OAuth tokens: made, published, used and retired by the clock. */
@NullMarked
package io.campanile.identity.keys;

import org.jspecify.annotations.NullMarked;
