/** Says for the gateway whom a credential stands for. */
@NullMarked
package io.campanile.identity.authentication;

import org.jspecify.annotations.NullMarked;
