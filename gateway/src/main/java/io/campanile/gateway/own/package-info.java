/** The routes the gateway answers itself. */
@NullMarked
package io.campanile.gateway.own;

import org.jspecify.annotations.NullMarked;
