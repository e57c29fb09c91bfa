package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.DefaultShape;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.pool.Pool;
import io.campanile.clusters.pool.PoolStore;
import io.campanile.clusters.provider.NodeShape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps as many nodes started for each instance pool as it is to have idle, when there is room and nobody waits. */
final class IdleNodes {
    private static final Logger LOG = LoggerFactory.getLogger(IdleNodes.class);

    private static final Pool.Trouble CANNOT_BE_GIVEN = new Pool.Trouble(
            null,
            "No node idles here: only a platform that runs as root can give a node that runs to its owner."
                    + " The capacity holds, and clusters get new nodes");

    private final PoolStore pools;
    private final InstancePools places;
    private final NodeKeeper keeper;
    private final MemoryRule memory;
    private final ClusterConfig config;
    private final BooleanSupplier closing;
    private final boolean opens;
    private final Map<InstancePools.Key, Restraint> restraints = new HashMap<>();

    /** {@code opens}: whether a node that idles can be given to somebody. */
    IdleNodes(
            PoolStore pools,
            InstancePools places,
            NodeKeeper keeper,
            MemoryRule memory,
            ClusterConfig config,
            BooleanSupplier closing,
            boolean opens) {
        this.pools = requireNonNull(pools, "pools");
        this.places = requireNonNull(places, "places");
        this.keeper = requireNonNull(keeper, "keeper");
        this.memory = requireNonNull(memory, "memory");
        this.config = requireNonNull(config, "config");
        this.closing = requireNonNull(closing, "closing");
        this.opens = opens;
    }

    /** {@code starting}: clusters on their way up. Those that only wait for places keep nobody from anything. */
    void keep(Observation observation, List<Cluster> starting) {
        List<Pool> known = pools.all();
        Map<InstancePools.Key, List<Node>> nodes = observation.nodes().stream()
                .filter(node -> node.poolId() != null)
                .collect(Collectors.groupingBy(
                        node -> new InstancePools.Key(node.workspaceId(), String.valueOf(node.poolId()))));
        Set<InstancePools.Key> keys = known.stream().map(InstancePools.Key::of).collect(Collectors.toSet());
        nodes.forEach((key, ofPool) -> {
            if (!keys.contains(key)) {
                ofPool.stream()
                        .filter(Node::pooled)
                        .forEach(node -> keeper.endIdle(node, "Its pool was deleted", false));
            }
        });
        restraints.keySet().retainAll(keys);
        boolean mayCreate =
                opens && !closing.getAsBoolean() && starting.stream().allMatch(places::waits);
        for (Pool pool : known) {
            List<Node> ofPool = nodes.getOrDefault(InstancePools.Key.of(pool), List.of());
            // One start at a time: they share the processors of one machine.
            mayCreate = !keep(pool, ofPool, mayCreate, observation) && mayCreate;
        }
        places.forgetWaits();
    }

    /** Answers whether a node was asked for. */
    private boolean keep(Pool pool, List<Node> ofPool, boolean mayCreate, Observation observation) {
        long now = observation.now();
        Restraint restraint = restraints.computeIfAbsent(InstancePools.Key.of(pool), key -> new Restraint());
        restraint
                .look(ofPool, now)
                .ifPresent(ended -> tell(
                        pool,
                        new Pool.Trouble(
                                ended.nodeId(), String.valueOf(ended.life().stopReason()))));
        List<Node> idle = new ArrayList<>();
        for (Node node : ofPool) {
            if (node.pooled() && !givenUp(pool, node, restraint, now)) {
                idle.add(node);
            }
        }
        boolean none = !opens || closing.getAsBoolean();
        int least = none ? 0 : pool.settings().minIdle();
        endSurplus(pool, idle, idle.size() - least, none, now);
        if (!opens && pool.settings().minIdle() > 0) {
            tell(pool, CANNOT_BE_GIVEN);
            return false;
        }
        if (idle.size() >= least) {
            if (idle.stream().filter(node -> node.driverIs("READY")).count() >= least) {
                restraint.wentWell();
                tell(pool, null);
            }
            return false;
        }
        return mayCreate
                && !places.wanted(pool)
                && restraint.open(now)
                && fill(pool, ofPool, idle, restraint, observation);
    }

    private boolean fill(Pool pool, List<Node> ofPool, List<Node> idle, Restraint restraint, Observation observation) {
        Integer most = pool.settings().maxCapacity();
        if (most != null && ofPool.size() >= most) {
            // Clusters have the others: that is what the pool is for.
            tell(pool, null);
            return false;
        }
        NodeShape shape = scarcest(pool, idle);
        Optional<String> refusal = memory.refusal(shape, pool.workspaceId(), observation);
        if (refusal.isPresent()) {
            tell(pool, new Pool.Trouble(null, refusal.get()));
            return false;
        }
        if (!keeper.create(NodePlan.parked(pool.workspaceId(), shape), pool.poolId())) {
            restraint.pause(observation.now());
        }
        observation.promise(shape);
        return true;
    }

    /** Of the runtimes that are to be there, the one that fewest idle nodes have. */
    private static NodeShape scarcest(Pool pool, List<Node> idle) {
        return shapes(pool).stream()
                .min(Comparator.comparingLong(shape ->
                        idle.stream().filter(node -> node.shape().equals(shape)).count()))
                .orElseThrow();
    }

    private static List<NodeShape> shapes(Pool pool) {
        String type = pool.settings().nodeTypeId();
        List<String> versions = pool.settings().sparkVersions();
        return versions.isEmpty()
                ? List.of(DefaultShape.of(type, null))
                : versions.stream()
                        .map(version -> DefaultShape.of(type, version))
                        .toList();
    }

    /** Those that have idled for long enough go, the oldest first, down to what is to be kept. */
    private void endSurplus(Pool pool, List<Node> idle, int surplus, boolean atOnce, long now) {
        long allowed =
                atOnce ? 0 : Duration.ofMinutes(pool.settings().idleMinutes()).toMillis();
        int left = surplus;
        for (Node node : idle) {
            Long ready = node.report().readyAt();
            long since = ready == null ? node.life().requestedAt() : ready;
            if (left > 0 && now - since >= allowed && keeper.endIdle(node, "The pool has enough idle nodes", false)) {
                left--;
            }
        }
    }

    private boolean givenUp(Pool pool, Node node, Restraint restraint, long now) {
        Optional<String> useless = useless(pool, node, now);
        if (useless.isEmpty() || !keeper.endIdle(node, useless.get(), true)) {
            return useless.isPresent();
        }
        LOG.atWarn()
                .addKeyValue("nodeId", node.nodeId())
                .addKeyValue("poolId", pool.poolId())
                .addKeyValue("reason", useless.get())
                .log("Idle node of an instance pool given up");
        restraint.givenUp(node, now);
        tell(pool, new Pool.Trouble(node.nodeId(), useless.get()));
        return true;
    }

    private Optional<String> useless(Pool pool, Node node, long now) {
        if (!shapes(pool).contains(node.shape())) {
            return Optional.of("It has another shape than this version gives nodes of the pool");
        }
        if (node.driverIs("FAILED")) {
            return Optional.of("Its driver failed: " + node.report().driverMessage());
        }
        boolean late = now - node.life().requestedAt() > config.startTimeout().toMillis();
        return !node.driverIs("READY") && late ? Optional.of("Its driver was not ready in time") : Optional.empty();
    }

    /** Numbers in what is in the way change with every look: that is no news. */
    private void tell(Pool pool, Pool.@Nullable Trouble trouble) {
        if (!Objects.equals(gist(pool.trouble()), gist(trouble))) {
            pools.trouble(pool, trouble);
        }
    }

    private static @Nullable String gist(Pool.@Nullable Trouble trouble) {
        return trouble == null ? null : trouble.message().replaceAll("[0-9]+", "#");
    }
}
