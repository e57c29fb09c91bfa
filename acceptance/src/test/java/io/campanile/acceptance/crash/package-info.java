/** Kills of every process under writers that record what was acknowledged to them. */
@NullMarked
package io.campanile.acceptance.crash;

import org.jspecify.annotations.NullMarked;
