package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterService;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.cluster.PoolOffers;
import io.campanile.clusters.cluster.ResizeService;
import io.campanile.clusters.cluster.Termination;
import io.campanile.clusters.node.Assignments;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeLinks;
import io.campanile.clusters.node.NodeProcessFile;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.clusters.policy.PolicyStore;
import io.campanile.clusters.pool.PoolService;
import io.campanile.clusters.pool.PoolStore;
import io.campanile.clusters.testing.FakeProvider;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Secret;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestDatabase;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** A reconciler on a real database, with a clock that is moved and a provider and agents that do as they are told. */
final class Rig implements AutoCloseable {
    static final Caller ADMIN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final byte[] KEY =
            "a-key-of-tests-with-32-bytes-or-more".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    final SettableClock clock = new SettableClock();
    final FakeProvider provider = new FakeProvider();
    final Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager");
    final ClusterStore clusterStore = new ClusterStore(database);
    final NodeStore nodes = new NodeStore(database);
    final PoolStore poolStore = new PoolStore(database);
    final PoolService pools;
    final Links links = new Links();
    final List<ControlMessage.Assign> assigned = new ArrayList<>();
    final ClusterService clusters;
    final ResizeService sizes;
    final NodeService service;
    final InternalTokens tokens = new InternalTokens(KEY, Clock.systemUTC());
    final ClusterKeys keys;
    final FakeSpark spark = new FakeSpark();
    private final Path dataDir;
    private final ClusterConfig config;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    long freeMb = 64_000;
    SecretSource secrets = (cluster, reference) -> new Secret("value");
    Reconciler reconciler;

    Rig(Path dataDir, ClusterConfig config) {
        this.dataDir = dataDir;
        this.config = config;
        nodes.deploymentId();
        this.pools = new PoolService(poolStore, new NodesOfPools(nodes), new PoolOffers(), clock, () -> {});
        this.clusters = new ClusterService(
                clusterStore,
                new PolicyService(new PolicyStore(database), clock),
                pools,
                config.workers().most(),
                clock,
                () -> {});
        this.sizes = new ResizeService(
                clusters,
                new PolicyService(new PolicyStore(database), clock),
                pools,
                new NodesOfClusters(nodes),
                config.workers().most(),
                clock);
        this.keys = new ClusterKeys(new Envelope(database, new MasterKeys(dataDir, clock)));
        this.service = new NodeService(
                nodes,
                new Assignments(
                        tokens,
                        dataDir,
                        (ws, id) -> clusterStore
                                .find(ws, id)
                                .map(c -> new Assignments.Owner(
                                        c.spec().clusterName(),
                                        c.owner().userId(),
                                        c.owner().userName()))),
                NodeService.Seams.of(provider),
                clock);
        this.reconciler = newReconciler();
    }

    /** What a restart of the manager leaves: the database and the world, nothing of memory. */
    void restartManager() {
        reconciler = newReconciler();
    }

    /** A manager more, beside that of {@link #reconciler}. */
    Reconciler newReconciler() {
        return new Reconciler(
                new Reconciler.Parts(
                        clusterStore,
                        nodes,
                        poolStore,
                        service,
                        links,
                        provider,
                        () -> freeMb,
                        new NodeProcessFile(dataDir),
                        (cluster, reference) -> secrets.read(cluster, reference),
                        keys),
                config,
                clock,
                metrics,
                clusters::closing);
    }

    String create() {
        return Clusters.create(clusters, ADMIN, spec("local.small"), null);
    }

    static ObjectNode spec(String nodeType) {
        return Json.MAPPER
                .createObjectNode()
                .put("cluster_name", "c")
                .put("spark_version", "4.0.x-scala2.13")
                .put("node_type_id", nodeType)
                .put("num_workers", 0);
    }

    Cluster cluster(String clusterId) {
        return clusterStore.find(1, clusterId).orElseThrow();
    }

    Termination termination(String clusterId) {
        return requireNonNull(cluster(clusterId).status().termination());
    }

    /** Looks once, 2 s after the look before. */
    void tick() {
        clock.advance(Duration.ofSeconds(2));
        reconciler.tick();
    }

    void ticks(int count) {
        for (int i = 0; i < count; i++) {
            tick();
        }
    }

    /** As {@link #ticks}, with every driver ready and heard in between; an injected crash restarts the manager. */
    void settle() {
        for (int i = 0; i < 12; i++) {
            tickOrCrash();
            allReady();
        }
    }

    void tickOrCrash() {
        try {
            tick();
        } catch (FakeProvider.Crash crash) {
            restartManager();
        }
    }

    void allReady() {
        List<Node> there = nodes.live().stream()
                .filter(node -> provider.nodeIds().contains(node.nodeId()))
                .toList();
        for (Node node : there) {
            links.connected.add(node.nodeId());
            service.status(node.nodeId(), spark.statusOf(node, there, null));
        }
    }

    /** The driver of a cluster says what it has to do; {@code idleSince} null while a command runs. */
    void driverSays(String clusterId, @Nullable Long idleSince) {
        List<Node> there = nodes.live();
        service.status(nodeOf(clusterId).nodeId(), spark.statusOf(nodeOf(clusterId), there, idleSince));
    }

    void report(String nodeId, DriverState driver, @Nullable String message) {
        report(nodeId, driver, message, null);
    }

    void report(String nodeId, DriverState driver, @Nullable String message, @Nullable Long idleSince) {
        service.status(nodeId, new NodeStatus(driver, message, 1, 0, idleSince, List.of()));
    }

    /** The workers that are to stay, by their executors. */
    List<Node> workersOf(String clusterId) {
        return nodes.live().stream()
                .filter(node -> clusterId.equals(node.clusterId()) && node.worker() && node.usable())
                .sorted(Comparator.comparing(node -> requireNonNull(node.executorId())))
                .toList();
    }

    /** The driver's node the cluster has now. */
    Node nodeOf(String clusterId) {
        return nodes.live().stream()
                .filter(node -> clusterId.equals(node.clusterId()) && !node.worker())
                .findFirst()
                .orElseThrow();
    }

    List<String> events(String clusterId) {
        return Clusters.events(clusters, ADMIN, clusterId);
    }

    /** Everything that stands in a table. */
    String dump() {
        StringBuilder dump = new StringBuilder();
        for (Object table : database.acrossWorkspaces("a test")
                .fetchValues("select table_name::text from information_schema.tables where table_schema ="
                        + " 'cluster_manager'")) {
            for (Record row : database.acrossWorkspaces("a test").fetch("select * from cluster_manager." + table)) {
                dump.append(row.valuesRow());
            }
        }
        return dump.toString();
    }

    @Override
    public void close() {
        database.close();
    }

    /** Agents that end when they are told to, unless they are deaf. */
    final class Links implements NodeLinks {
        final Set<String> connected = new HashSet<>();
        boolean deaf;

        @Override
        public boolean send(String nodeId, ControlMessage message) {
            if (!connected.contains(nodeId)) {
                return false;
            }
            if (message instanceof ControlMessage.Assign assign) {
                assigned.add(assign);
            }
            spark.heard(nodeId, message);
            if (message instanceof ControlMessage.Stop && !deaf) {
                connected.remove(nodeId);
                provider.lose(nodeId);
            }
            return true;
        }

        @Override
        public boolean connected(String nodeId) {
            return connected.contains(nodeId);
        }
    }
}
