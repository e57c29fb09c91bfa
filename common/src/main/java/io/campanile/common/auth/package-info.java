/** Who is calling: callers, internal tokens and secrets. */
@NullMarked
package io.campanile.common.auth;

import org.jspecify.annotations.NullMarked;
