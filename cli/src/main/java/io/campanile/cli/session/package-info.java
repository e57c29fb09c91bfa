/** What every command is given: the options, the terminal, the server. */
@NullMarked
package io.campanile.cli.session;

import org.jspecify.annotations.NullMarked;
