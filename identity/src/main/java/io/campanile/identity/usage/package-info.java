/** Who may use personal access tokens, and who passwords. */
@NullMarked
package io.campanile.identity.usage;

import org.jspecify.annotations.NullMarked;
