/** Sets a realm of Keycloak up for a deployment. */
@NullMarked
package io.campanile.keycloak;

import org.jspecify.annotations.NullMarked;
