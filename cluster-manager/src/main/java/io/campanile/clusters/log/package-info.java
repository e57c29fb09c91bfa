/** What the processes of nodes printed and logged: kept for those who manage the cluster. */
@NullMarked
package io.campanile.clusters.log;

import org.jspecify.annotations.NullMarked;
