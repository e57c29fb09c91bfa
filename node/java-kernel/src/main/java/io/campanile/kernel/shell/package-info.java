/** Answers to the messages of the shell and control channels. */
@NullMarked
package io.campanile.kernel.shell;

import org.jspecify.annotations.NullMarked;
