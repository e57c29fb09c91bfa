/** Personal access tokens. */
@NullMarked
package io.campanile.identity.tokens;

import org.jspecify.annotations.NullMarked;
