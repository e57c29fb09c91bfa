/** Streaming of requests and WebSockets to the services. */
@NullMarked
package io.campanile.gateway.proxy;

import org.jspecify.annotations.NullMarked;
