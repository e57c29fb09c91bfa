/** Personal access tokens. */
@NullMarked
package io.campanile.cli.tokens;

import org.jspecify.annotations.NullMarked;
