/** The door of the platform: authentication, routing, proxying and the web pages. */
@NullMarked
package io.campanile.gateway;

import org.jspecify.annotations.NullMarked;
