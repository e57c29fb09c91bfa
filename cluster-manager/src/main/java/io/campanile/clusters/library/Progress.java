package io.campanile.clusters.library;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeRole;
import io.campanile.clusters.node.NodeStore;
import io.campanile.node.protocol.ControlMessage.LibraryStatus;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How far a cluster is with its libraries: what its driver's node said last, which is stored with the node. */
final class Progress {
    private final NodeStore nodes;

    Progress(NodeStore nodes) {
        this.nodes = requireNonNull(nodes, "nodes");
    }

    /** A library as the public API shows it. */
    record Status(Library library, String status, List<String> messages) {}

    /** The node of the driver that the cluster has now. */
    Optional<Node> driver(Cluster cluster) {
        if (cluster.state().stopped()) {
            return Optional.empty();
        }
        return nodes.ofEpoch(cluster.workspaceId(), cluster.clusterId(), cluster.epoch(), NodeRole.DRIVER).stream()
                .filter(Node::usable)
                .findFirst();
    }

    List<Status> of(Cluster cluster, List<ClusterLibrary> libraries) {
        Map<String, LibraryStatus> reported =
                driver(cluster).flatMap(Node::status).map(NodeStatus::libraries).orElse(List.of()).stream()
                        .collect(Collectors.toMap(LibraryStatus::id, Function.identity(), (one, other) -> other));
        return libraries.stream()
                .filter(library ->
                        library.removedEpoch() == null || (!cluster.state().stopped() && library.in(cluster.epoch())))
                .map(library -> status(library, reported))
                .toList();
    }

    private static Status status(ClusterLibrary library, Map<String, LibraryStatus> reported) {
        if (library.removedEpoch() != null) {
            return new Status(library.library(), "UNINSTALL_ON_RESTART", List.of());
        }
        if (!library.library().installable()) {
            return new Status(
                    library.library(),
                    "SKIPPED",
                    List.of("Not installed: "
                            + LibraryReader.whyNot(library.library().kind())));
        }
        LibraryStatus said = reported.get(library.orderId());
        return said == null
                ? new Status(library.library(), "PENDING", List.of())
                : new Status(library.library(), said.state().name(), said.messages());
    }
}
