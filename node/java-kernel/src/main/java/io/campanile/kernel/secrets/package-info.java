/** Secrets in the kernel: asked of the node's agent, and kept out of whatever cells show. */
@NullMarked
package io.campanile.kernel.secrets;

import org.jspecify.annotations.NullMarked;
