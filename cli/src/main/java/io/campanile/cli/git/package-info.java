/** Git folders and the credentials they are fetched with. */
@NullMarked
package io.campanile.cli.git;

import org.jspecify.annotations.NullMarked;
