/** Sign-in through an OpenID provider such as Keycloak: the way there and back, and how long it lasts. */
@NullMarked
package io.campanile.identity.sso;

import org.jspecify.annotations.NullMarked;
