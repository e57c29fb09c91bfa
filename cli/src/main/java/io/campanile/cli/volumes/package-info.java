/** The command for volumes. */
@NullMarked
package io.campanile.cli.volumes;

import org.jspecify.annotations.NullMarked;
