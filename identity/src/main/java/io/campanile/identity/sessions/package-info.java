/** Sign-in, sign-out and the sessions between them. */
@NullMarked
package io.campanile.identity.sessions;

import org.jspecify.annotations.NullMarked;
