/** Who is who in a workspace, as identity says: names to ids and back. */
@NullMarked
package io.campanile.common.directory;

import org.jspecify.annotations.NullMarked;
