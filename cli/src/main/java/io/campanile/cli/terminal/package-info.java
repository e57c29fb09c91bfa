/** What people see: tables, progress, questions. */
@NullMarked
package io.campanile.cli.terminal;

import org.jspecify.annotations.NullMarked;
