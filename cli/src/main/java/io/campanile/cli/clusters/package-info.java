/** Clusters: their settings, their life and what happened to them. */
@NullMarked
package io.campanile.cli.clusters;

import org.jspecify.annotations.NullMarked;
