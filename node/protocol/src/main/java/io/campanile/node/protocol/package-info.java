/** The messages a node agent exchanges with cluster-manager (control stream) and notebook-service (work stream). */
@NullMarked
package io.campanile.node.protocol;

import org.jspecify.annotations.NullMarked;
