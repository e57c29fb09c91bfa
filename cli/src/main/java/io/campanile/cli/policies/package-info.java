/** Cluster policies and the families they come from. */
@NullMarked
package io.campanile.cli.policies;

import org.jspecify.annotations.NullMarked;
