/** Where the services are and how they are called. */
@NullMarked
package io.campanile.gateway.upstream;

import org.jspecify.annotations.NullMarked;
