/** Brings what is observed to what is desired, again and again, from the database alone. */
@NullMarked
package io.campanile.clusters.reconcile;

import org.jspecify.annotations.NullMarked;
