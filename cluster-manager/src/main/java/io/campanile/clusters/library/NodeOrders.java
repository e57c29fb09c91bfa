package io.campanile.clusters.library;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.node.LibraryOrders;
import io.campanile.clusters.node.Node;
import io.campanile.node.protocol.ControlMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the driver nodes of clusters are told to install. */
public final class NodeOrders implements LibraryOrders {
    private final LibraryStore libraries;
    private final ClusterConfig.Libraries config;

    public NodeOrders(LibraryStore libraries, ClusterConfig.Libraries config) {
        this.libraries = requireNonNull(libraries, "libraries");
        this.config = requireNonNull(config, "config");
    }

    @Override
    public Optional<ControlMessage> of(Node node) {
        String clusterId = node.clusterId();
        if (clusterId == null || node.worker()) {
            return Optional.empty();
        }
        List<ControlMessage.Library> orders = libraries.of(node.workspaceId(), clusterId, node.epoch()).stream()
                .filter(library ->
                        library.removedEpoch() == null && library.library().installable())
                .map(this::order)
                .toList();
        return orders.isEmpty()
                ? Optional.empty()
                : Optional.of(new ControlMessage.Libraries(
                        orders, config.mostBytes(), config.timeout().toSeconds()));
    }

    private ControlMessage.Library order(ClusterLibrary library) {
        JsonNode wire = library.library().wire();
        if (wire.has("jar")) {
            String file = LibraryReader.file(wire.path("jar").asText());
            return new ControlMessage.Library(library.orderId(), file, null, List.of(), List.of());
        }
        JsonNode maven = wire.path("maven");
        List<String> exclusions = new ArrayList<>();
        maven.path("exclusions").forEach(exclusion -> exclusions.add(exclusion.asText()));
        List<String> repositories = new ArrayList<>();
        if (maven.has("repo")) {
            repositories.add(maven.path("repo").asText());
        }
        if (!config.repository().isEmpty()) {
            repositories.add(config.repository());
        }
        return new ControlMessage.Library(
                library.orderId(), null, maven.path("coordinates").asText(), exclusions, repositories);
    }
}
