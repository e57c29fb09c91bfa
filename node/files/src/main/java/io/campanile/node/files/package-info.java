/** The workspace's files as a node has them: in a folder of this machine, or through the workspace service. */
@NullMarked
package io.campanile.node.files;

import org.jspecify.annotations.NullMarked;
