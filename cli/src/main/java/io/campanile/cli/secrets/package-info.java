/** Secret scopes, secrets and who may read them. */
@NullMarked
package io.campanile.cli.secrets;

import org.jspecify.annotations.NullMarked;
