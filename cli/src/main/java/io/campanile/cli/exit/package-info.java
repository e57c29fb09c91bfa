/** How a command ends that could not do what it was asked. */
@NullMarked
package io.campanile.cli.exit;

import org.jspecify.annotations.NullMarked;
