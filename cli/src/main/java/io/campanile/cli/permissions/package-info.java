/** Who may do what with an object. */
@NullMarked
package io.campanile.cli.permissions;

import org.jspecify.annotations.NullMarked;
