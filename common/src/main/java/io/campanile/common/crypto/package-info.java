/** Encryption at rest: a master key in a file wraps the data keys of workspaces, which seal what services store. */
@NullMarked
package io.campanile.common.crypto;

import org.jspecify.annotations.NullMarked;
