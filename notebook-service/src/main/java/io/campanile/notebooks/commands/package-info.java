/** Execution contexts and commands of API 1.2: kernel sessions without a notebook, and what is run in them. */
@NullMarked
package io.campanile.notebooks.commands;

import org.jspecify.annotations.NullMarked;
