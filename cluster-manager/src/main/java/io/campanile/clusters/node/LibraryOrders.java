package io.campanile.clusters.node;

import io.campanile.node.protocol.ControlMessage;
import java.util.Optional;

/** What driver nodes are told of the libraries of their clusters. */
@FunctionalInterface
public interface LibraryOrders {
    /** For clusters that have none. */
    LibraryOrders NONE = node -> Optional.empty();

    /** Empty for a node of no cluster, a worker's, and where there are none. */
    Optional<ControlMessage> of(Node node);
}
