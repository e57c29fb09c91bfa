/** The first workspace and its administrator, and further workspaces. */
@NullMarked
package io.campanile.identity.bootstrap;

import org.jspecify.annotations.NullMarked;
