/** What was used and what it cost, and budgets. */
@NullMarked
package io.campanile.cli.cost;

import org.jspecify.annotations.NullMarked;
