/** The database of an installation: binaries, durable settings, adoption of an orphan, restart after a crash. */
@NullMarked
package io.campanile.launcher.postgres;

import org.jspecify.annotations.NullMarked;
