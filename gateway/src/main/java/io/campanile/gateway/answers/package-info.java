/** How the gateway says no, and the headers of every answer. */
@NullMarked
package io.campanile.gateway.answers;

import org.jspecify.annotations.NullMarked;
