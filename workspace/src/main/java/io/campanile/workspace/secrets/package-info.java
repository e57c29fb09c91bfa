/** Secrets: scopes with access lists, values sealed at rest, and the rotation of the keys that seal them. */
@NullMarked
package io.campanile.workspace.secrets;

import org.jspecify.annotations.NullMarked;
