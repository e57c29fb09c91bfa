/** The libraries of clusters: what each is to have, and how far its node is with it. */
@NullMarked
package io.campanile.clusters.library;

import org.jspecify.annotations.NullMarked;
