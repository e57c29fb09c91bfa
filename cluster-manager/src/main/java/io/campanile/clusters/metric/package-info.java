/** What nodes took of processors, memory, disk and network: for an hour as it was measured, for a day in means. */
@NullMarked
package io.campanile.clusters.metric;

import org.jspecify.annotations.NullMarked;
