/** Random secrets and password hashes. */
@NullMarked
package io.campanile.identity.credentials;

import org.jspecify.annotations.NullMarked;
