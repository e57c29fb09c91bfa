/** Files and folders by their paths: reading, writing, moving, and contents that arrive in parts. */
@NullMarked
package io.campanile.workspace.files;

import org.jspecify.annotations.NullMarked;
