package io.campanile.clusters.library;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterService;
import io.campanile.clusters.node.NodeLinks;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules of libraries: who may change those of a cluster, and what holds for one that runs. Blocking. */
public final class LibraryService {
    private static final int MOST = 100;

    private final ClusterService clusters;
    private final LibraryStore libraries;
    private final NodeSide nodes;
    private final Progress progress;

    /** The way to the nodes of clusters. */
    public record NodeSide(NodeStore store, NodeService service, NodeLinks links) {
        public NodeSide {
            requireNonNull(store, "store");
            requireNonNull(service, "service");
            requireNonNull(links, "links");
        }
    }

    public LibraryService(ClusterService clusters, LibraryStore libraries, NodeSide nodes) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.libraries = requireNonNull(libraries, "libraries");
        this.nodes = requireNonNull(nodes, "nodes");
        this.progress = new Progress(nodes.store());
    }

    /** The libraries of one cluster. */
    record OfCluster(String clusterId, List<Progress.Status> statuses) {}

    OfCluster of(Caller caller, String clusterId) {
        return of(clusters.get(caller, clusterId));
    }

    private OfCluster of(Cluster cluster) {
        List<ClusterLibrary> known = libraries.of(cluster.workspaceId(), cluster.clusterId(), cluster.epoch());
        return new OfCluster(cluster.clusterId(), progress.of(cluster, known));
    }

    /** Of every cluster that the caller may see and that has any. */
    List<OfCluster> all(Caller caller) {
        return clusters.visible(caller, libraries.clusters(caller.workspaceId())).stream()
                .map(this::of)
                .filter(of -> !of.statuses().isEmpty())
                .toList();
    }

    /** A cluster that runs gets them now, any other when it starts. */
    void install(Caller caller, String clusterId, List<Library> wanted) {
        Cluster known = clusters.managed(caller, clusterId);
        Set<String> failed = of(known).statuses().stream()
                .filter(status -> status.status().equals("FAILED"))
                .map(status -> status.library().id())
                .collect(Collectors.toSet());
        Cluster after = libraries.change(caller, known, wanted, present -> added(present, wanted, failed));
        progress.driver(after).ifPresent(driver -> nodes.service().install(driver, nodes.links()));
    }

    private static List<LibraryStore.Step> added(
            List<ClusterLibrary> present, List<Library> wanted, Set<String> failed) {
        Map<String, ClusterLibrary> known = byId(present);
        Map<String, LibraryStore.Step> steps = new LinkedHashMap<>();
        for (Library library : wanted) {
            ClusterLibrary there = known.get(library.id());
            boolean again = failed.contains(library.id());
            if (there == null) {
                steps.put(library.id(), new LibraryStore.Add(library));
            } else if (there.removedEpoch() != null || again) {
                // To the node another attempt is another library.
                steps.put(library.id(), new LibraryStore.Renew(there, there.attempt() + (again ? 1 : 0)));
            }
        }
        long now = present.size()
                + steps.values().stream()
                        .filter(LibraryStore.Add.class::isInstance)
                        .count();
        if (now > MOST && now > present.size()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                    "libraries: a cluster has at most " + MOST + " libraries, and these would make " + now);
        }
        return List.copyOf(steps.values());
    }

    /** A driver that runs keeps them to its end. What is not there is passed over, as the public API has it. */
    void uninstall(Caller caller, String clusterId, List<Library> unwanted) {
        libraries.change(
                caller, clusters.managed(caller, clusterId), unwanted, present -> removed(byId(present), unwanted));
    }

    private static List<LibraryStore.Step> removed(Map<String, ClusterLibrary> known, List<Library> unwanted) {
        List<LibraryStore.Step> steps = new ArrayList<>();
        for (int i = 0; i < unwanted.size(); i++) {
            ClusterLibrary there = known.get(unwanted.get(i).id());
            if (there != null && there.policyId() != null) {
                throw ApiException.invalid("libraries[" + i + "]: "
                        + there.library().label() + " is a library of cluster policy " + there.policyId()
                        + ", which every cluster of the policy has");
            }
            if (there != null) {
                steps.add(new LibraryStore.Remove(there.library()));
            }
        }
        return steps;
    }

    private static Map<String, ClusterLibrary> byId(List<ClusterLibrary> libraries) {
        return libraries.stream().collect(Collectors.toMap(one -> one.library().id(), one -> one));
    }
}
