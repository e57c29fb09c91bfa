package io.campanile.clusters.library;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterService;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.clusters.node.NodeLinks;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/** The rules of libraries: who may change those of a cluster, and what holds for one that runs. Blocking. */
public final class LibraryService {
    private static final int MOST = 100;
    /** Of the libraries of one call in the audit log. */
    private static final int NAMED = 20;

    private final Database database;
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

    public LibraryService(Database database, ClusterService clusters, LibraryStore libraries, NodeSide nodes) {
        this.database = requireNonNull(database, "database");
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
        Cluster after = change(caller, known, wanted, (tx, cluster) -> add(tx, cluster, wanted, failed));
        progress.driver(after).ifPresent(driver -> nodes.service().install(driver, nodes.links()));
    }

    private void add(DSLContext tx, Cluster cluster, List<Library> wanted, Set<String> failed) {
        Map<String, ClusterLibrary> known = byId(LibraryStore.list(tx, cluster.workspaceId(), cluster.clusterId()));
        for (int i = 0; i < wanted.size(); i++) {
            Library library = wanted.get(i);
            ClusterLibrary there = known.get(library.id());
            if (there == null) {
                libraries.insert(tx, cluster, library, null, i);
            } else if (there.removedEpoch() != null || failed.contains(library.id())) {
                // To the node another attempt is another library.
                int attempt = there.attempt() + (failed.contains(library.id()) ? 1 : 0);
                LibraryStore.renew(tx, cluster, library, there.policyId(), attempt);
            }
        }
        int now = LibraryStore.list(tx, cluster.workspaceId(), cluster.clusterId())
                .size();
        if (now > MOST && now > known.size()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                    "libraries: a cluster has at most " + MOST + " libraries, and these would make " + now);
        }
    }

    /** A driver that runs keeps them to its end. What is not there is passed over, as the public API has it. */
    void uninstall(Caller caller, String clusterId, List<Library> unwanted) {
        change(caller, clusters.managed(caller, clusterId), unwanted, (tx, cluster) -> {
            Map<String, ClusterLibrary> known = byId(LibraryStore.list(tx, cluster.workspaceId(), cluster.clusterId()));
            for (int i = 0; i < unwanted.size(); i++) {
                ClusterLibrary there = known.get(unwanted.get(i).id());
                if (there != null && there.policyId() != null) {
                    throw ApiException.invalid(
                            "libraries[" + i + "]: " + there.library().label()
                                    + " is a library of cluster policy " + there.policyId()
                                    + ", which every cluster of the policy has");
                }
                LibraryStore.remove(tx, cluster, unwanted.get(i));
            }
        });
    }

    private Cluster change(Caller caller, Cluster known, List<Library> named, BiConsumer<DSLContext, Cluster> change) {
        String clusterId = known.clusterId();
        return database.inTransaction(tx -> {
            Cluster cluster = ClusterStore.lock(tx, known.workspaceId(), known.clusterId())
                    .orElseThrow(() -> ApiException.invalid("Cluster " + clusterId + " does not exist"));
            LibraryStore.forgetRemoved(tx, cluster);
            change.accept(tx, cluster);
            Audit.record(
                    tx,
                    caller,
                    "cluster/" + clusterId,
                    Map.of(
                            "cluster_name",
                            cluster.spec().clusterName(),
                            "libraries",
                            named.stream().limit(NAMED).map(Library::label).toList(),
                            "count",
                            named.size()));
            return cluster;
        });
    }

    private static Map<String, ClusterLibrary> byId(List<ClusterLibrary> libraries) {
        return libraries.stream().collect(Collectors.toMap(one -> one.library().id(), one -> one));
    }
}
