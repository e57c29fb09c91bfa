/** Signing in and out. */
@NullMarked
package io.campanile.cli.login;

import org.jspecify.annotations.NullMarked;
