/** OAuth 2 and OpenID Connect: clients, codes, grants and the tokens made of them. */
@NullMarked
package io.campanile.identity.oauth;

import org.jspecify.annotations.NullMarked;
