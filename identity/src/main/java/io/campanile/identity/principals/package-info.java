/** Names of principals to their ids and back, for the other services. */
@NullMarked
package io.campanile.identity.principals;

import org.jspecify.annotations.NullMarked;
