/** Instance pools: nodes that are kept started for clusters. */
@NullMarked
package io.campanile.cli.pools;

import org.jspecify.annotations.NullMarked;
