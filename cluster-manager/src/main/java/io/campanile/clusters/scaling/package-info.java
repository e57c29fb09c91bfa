/** How many workers the load of a cluster asks for: pure, so that it can be simulated. */
@NullMarked
package io.campanile.clusters.scaling;

import org.jspecify.annotations.NullMarked;
