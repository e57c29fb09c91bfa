/** The one place every request passes: refusal of malformed requests, origin checks, authorization, dispatch. */
@NullMarked
package io.campanile.gateway.door;

import org.jspecify.annotations.NullMarked;
