/** The {@code campanile} client commands, over the public REST API. */
@NullMarked
package io.campanile.cli;

import org.jspecify.annotations.NullMarked;
