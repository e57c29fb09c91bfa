/** Instance pools: nodes that are kept started for the clusters of a workspace. */
@NullMarked
package io.campanile.clusters.pool;

import org.jspecify.annotations.NullMarked;
