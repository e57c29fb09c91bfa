/** What nodes cost: prices, usage by the hour, and budgets that are enforced. */
@NullMarked
package io.campanile.clusters.cost;

import org.jspecify.annotations.NullMarked;
