/** A git server on this machine for tests. */
@NullMarked
package io.campanile.common.testing.git;

import org.jspecify.annotations.NullMarked;
