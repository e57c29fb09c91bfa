/** The work streams of node agents: who is connected, what it is told, what it reports. */
@NullMarked
package io.campanile.notebooks.nodes;

import org.jspecify.annotations.NullMarked;
