/** Which credential a request carries and whom it stands for. */
@NullMarked
package io.campanile.gateway.access;

import org.jspecify.annotations.NullMarked;
