/** What {@code up} says when it cannot start, and what listens once it has. */
@NullMarked
package io.campanile.acceptance.start;

import org.jspecify.annotations.NullMarked;
