/** Clusters: their settings, their life, their events and the wire they are seen through. */
@NullMarked
package io.campanile.clusters.cluster;

import org.jspecify.annotations.NullMarked;
