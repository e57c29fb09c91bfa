/** Volumes: who they belong to, who may read and write them. */
@NullMarked
package io.campanile.workspace.volumes;

import org.jspecify.annotations.NullMarked;
