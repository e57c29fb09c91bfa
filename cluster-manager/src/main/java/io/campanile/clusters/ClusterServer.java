package io.campanile.clusters;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.ClusterAccess;
import io.campanile.clusters.cluster.ClusterChanges;
import io.campanile.clusters.cluster.ClusterRoutes;
import io.campanile.clusters.cluster.ClusterService;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.clusters.cluster.ClusterSweep;
import io.campanile.clusters.cluster.ClusterTargets;
import io.campanile.clusters.cluster.InternalClusterRoutes;
import io.campanile.clusters.cluster.LifetimeRoutes;
import io.campanile.clusters.cluster.LifetimeStore;
import io.campanile.clusters.cluster.OwnerService;
import io.campanile.clusters.cluster.PoolOffers;
import io.campanile.clusters.cluster.ResizeService;
import io.campanile.clusters.cluster.Shutdown;
import io.campanile.clusters.cluster.SpecCheck;
import io.campanile.clusters.cluster.UpdateService;
import io.campanile.clusters.library.LibraryRoutes;
import io.campanile.clusters.library.LibraryService;
import io.campanile.clusters.library.LibraryStore;
import io.campanile.clusters.library.NodeOrders;
import io.campanile.clusters.node.Assignments;
import io.campanile.clusters.node.ControlStreams;
import io.campanile.clusters.node.NodeProcessFile;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.policy.PolicyRoutes;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.clusters.policy.PolicyStore;
import io.campanile.clusters.policy.PolicyTargets;
import io.campanile.clusters.pool.PoolRoutes;
import io.campanile.clusters.pool.PoolService;
import io.campanile.clusters.pool.PoolStore;
import io.campanile.clusters.pool.PoolTargets;
import io.campanile.clusters.provider.Isolation;
import io.campanile.clusters.provider.LocalNodeProvider;
import io.campanile.clusters.provider.MachineMemory;
import io.campanile.clusters.provider.NodeFiles;
import io.campanile.clusters.provider.NodeProvider;
import io.campanile.clusters.reconcile.ClusterKeys;
import io.campanile.clusters.reconcile.HttpSecretSource;
import io.campanile.clusters.reconcile.NodesOfClusters;
import io.campanile.clusters.reconcile.NodesOfPools;
import io.campanile.clusters.reconcile.ReconcileLoop;
import io.campanile.clusters.reconcile.Reconciler;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.KeyRoutes;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.db.TenantErasure;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.HttpDirectory;
import io.campanile.common.permissions.PermissionRoutes;
import io.campanile.common.permissions.PermissionService;
import io.campanile.common.service.ErasureRoutes;
import io.campanile.common.service.Folders;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Wires the cluster manager together. Closing it leaves the clusters running; {@link #stopAll} ends them. */
public final class ClusterServer implements RunningService {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterServer.class);
    private static final String NAME = "cluster-manager";
    private static final long BODY_LIMIT = 1024 * 1024;

    private final Database database;
    private final ServiceHttp http;
    private final ReconcileLoop loop;
    private final ClusterSweep sweep;
    private final CostParts cost;
    private final Shutdown shutdown;
    private final LogParts logs;
    private final MetricParts metrics;

    private ClusterServer(
            ServiceEnvironment environment, ClusterConfig config, NodeSource source, Directory directory) {
        this.database = Database.open(environment.database(), "cluster_manager", NAME);
        this.loop = new ReconcileLoop(config.reconcileEvery(), environment.metrics());
        this.http = new ServiceHttp(NAME, environment, BODY_LIMIT, () -> database.answers() && loop.healthy());
        http.audit(database);
        ClusterStore clusterStore = new ClusterStore(database, source.singleUser());
        NodeStore nodeStore = new NodeStore(database);
        nodeStore.deploymentId();
        this.cost = new CostParts(database, config.cost(), clusterStore, environment.clock(), loop::wake);
        PolicyService policies = new PolicyService(new PolicyStore(database), environment.clock());
        PoolStore poolStore = new PoolStore(database);
        PoolService pools = new PoolService(
                poolStore, new NodesOfPools(nodeStore), new PoolOffers(), environment.clock(), loop::wake);
        ClusterService clusters = new ClusterService(
                clusterStore, policies, pools, config.workers().most(), environment.clock(), loop::wake);
        Envelope envelope = new Envelope(database, new MasterKeys(environment.dataDir(), environment.clock()));
        new KeyRoutes(envelope).mount(http.endpoints());
        Assignments assignments = new Assignments(
                environment.tokens(),
                environment.dataDir(),
                (workspaceId, clusterId) -> clusterStore
                        .find(workspaceId, clusterId)
                        .map(cluster -> new Assignments.Owner(
                                cluster.spec().clusterName(),
                                cluster.owner().userId(),
                                cluster.owner().userName())));
        LibraryStore libraries = new LibraryStore(database, environment.clock());
        clusterStore.attach(libraries);
        ClusterAccess access = new ClusterAccess(clusters, clusterStore);
        this.metrics = new MetricParts(database, nodeStore, access, environment.clock());
        NodeService nodes = new NodeService(
                nodeStore,
                assignments,
                new NodeService.Seams(
                        source.provider(), new NodeOrders(libraries, config.libraries()), metrics.listener()),
                environment.clock());
        this.logs = new LogParts(environment, database, nodeStore, access, config.logs());
        ControlStreams streams = new ControlStreams(nodes, http.blocking(), loop::wake);
        this.shutdown = new Shutdown(clusters, () -> nodeStore.live().size(), http.blocking(), environment.vertx());
        new ClusterRoutes(
                        clusters,
                        new UpdateService(
                                clusters, policies, pools, config.workers().most()),
                        new OwnerService(clusters, directory, environment.clock()),
                        new ResizeService(
                                clusters,
                                policies,
                                pools,
                                new NodesOfClusters(nodeStore),
                                config.workers().most(),
                                environment.clock()))
                .mount(http.endpoints());
        new LibraryRoutes(
                        new LibraryService(clusters, libraries, new LibraryService.NodeSide(nodeStore, nodes, streams)))
                .mount(http.endpoints());
        new LifetimeRoutes(new LifetimeStore(database)).mount(http.endpoints());
        cost.mount(http, clusters, directory);
        metrics.mount(http.endpoints());
        logs.mount(http, nodes, environment.vertx());
        this.sweep = new ClusterSweep(
                clusterStore, database, cost.usage(), config.cost().usageKept(), environment.clock(), loop::wake);
        new InternalClusterRoutes(
                        clusters, new ClusterChanges(clusterStore, http.blocking(), environment.vertx()), shutdown)
                .mount(http.endpoints());
        new PermissionRoutes(
                        new PermissionService(database, directory, ClusterTargets.KIND, new ClusterTargets(clusters)))
                .mount(http.endpoints());
        new PolicyRoutes(policies, new SpecCheck(config.workers().most())).mount(http.endpoints());
        new PermissionRoutes(
                        new PermissionService(database, directory, PolicyTargets.KIND, new PolicyTargets(policies)))
                .mount(http.endpoints());
        new PoolRoutes(pools).mount(http.endpoints());
        new PermissionRoutes(new PermissionService(database, directory, PoolTargets.KIND, new PoolTargets(pools)))
                .mount(http.endpoints());
        // That it is closed is still said when nothing else of it is left.
        new ErasureRoutes(database, new TenantErasure(database, "closed_workspace"), workspaceId -> {
                    logs.erase(workspaceId);
                    Folders.delete(environment.dataDir().resolve("warehouses").resolve(Long.toString(workspaceId)));
                })
                .mount(http.endpoints());
        streams.mount(http.endpoints());
        Reconciler reconciler = new Reconciler(
                new Reconciler.Parts(
                        clusterStore,
                        nodeStore,
                        poolStore,
                        nodes,
                        streams,
                        source.provider(),
                        source.memory(),
                        new NodeProcessFile(environment.dataDir()),
                        new HttpSecretSource(environment.client("workspace")),
                        new ClusterKeys(envelope)),
                config,
                environment.clock(),
                environment.metrics(),
                clusters::closing);
        loop.start(reconciler);
        sweep.start();
        cost.start();
        logs.start();
        metrics.start();
    }

    /**
     * Where nodes come from and how much memory there is for them.
     *
     * @param singleUser why there are clusters of one person only; null: everybody may have some
     */
    public record NodeSource(
            NodeProvider provider,
            MachineMemory memory,
            @Nullable String singleUser) {
        /** Of nodes that are kept apart. */
        public NodeSource(NodeProvider provider, MachineMemory memory) {
            this(provider, memory, null);
        }

        public NodeSource {
            requireNonNull(provider, "provider");
            requireNonNull(memory, "memory");
        }
    }

    /** Starts with nodes that are processes of this machine. */
    public static Future<ClusterServer> start(ServiceEnvironment environment, ClusterConfig config) {
        return environment
                .vertx()
                .executeBlocking(() -> isolation(environment, config))
                .compose(isolation -> {
                    NodeFiles files = new NodeFiles(
                            environment.dataDir(),
                            config.parkedKernels(),
                            config.deadMan().toSeconds());
                    var provider =
                            new LocalNodeProvider(files, LocalNodeProvider.agentOf(environment.home()), isolation);
                    return start(
                            environment,
                            isolation.opens() ? config : config.withWarmPool(0),
                            new NodeSource(provider, MachineMemory.ofLinux(), isolation.singleUser()));
                });
    }

    private static Isolation isolation(ServiceEnvironment environment, ClusterConfig config) {
        Isolation isolation = Isolation.choose(config.isolation(), environment.dataDir(), environment.home());
        isolation.note(environment.dataDir());
        LOG.atLevel(isolation.isSandbox() ? Level.INFO : Level.WARN).log(isolation.says());
        return isolation;
    }

    /** Starts with nodes from elsewhere. */
    public static Future<ClusterServer> start(ServiceEnvironment environment, ClusterConfig config, NodeSource source) {
        return start(environment, config, source, new HttpDirectory(environment.client("identity"), NAME));
    }

    /** Starts with nodes from elsewhere and another directory. */
    public static Future<ClusterServer> start(
            ServiceEnvironment environment, ClusterConfig config, NodeSource source, Directory directory) {
        return environment
                .vertx()
                .executeBlocking(() -> new ClusterServer(environment, config, source, directory))
                .compose(server -> server.http.listen().map(listening -> server).recover(e -> {
                    server.close();
                    return Future.failedFuture(e);
                }));
    }

    @Override
    public int port() {
        return http.port();
    }

    /** Ends every cluster and the warm pool, lets none start any more, and waits so long for their processes. */
    public Future<Shutdown.Result> stopAll(Duration wait) {
        return shutdown.run(wait.toMillis());
    }

    @Override
    public void close() {
        sweep.close();
        cost.close();
        logs.close();
        loop.close();
        http.close();
        metrics.close();
        database.close();
    }
}
