/** The identity service: workspaces, people, sign-in, sessions and personal access tokens. */
@NullMarked
package io.campanile.identity;

import org.jspecify.annotations.NullMarked;
