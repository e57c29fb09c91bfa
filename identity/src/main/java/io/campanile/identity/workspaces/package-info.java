/** The workspaces of the account: making, finding, renaming and deleting them, and who is assigned to them. */
@NullMarked
package io.campanile.identity.workspaces;

import org.jspecify.annotations.NullMarked;
