/** The client commands against a built installation, started by the script a person types. */
@NullMarked
package io.campanile.acceptance.cli;

import org.jspecify.annotations.NullMarked;
