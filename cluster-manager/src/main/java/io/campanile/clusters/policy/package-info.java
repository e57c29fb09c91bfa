/** Cluster policies: rules for the settings of clusters, who may make clusters by them, and how many. */
@NullMarked
package io.campanile.clusters.policy;

import org.jspecify.annotations.NullMarked;
