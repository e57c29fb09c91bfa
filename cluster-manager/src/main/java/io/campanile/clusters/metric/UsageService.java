package io.campanile.clusters.metric;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.ClusterAccess;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.node.UsageListener;
import io.campanile.common.auth.Caller;
import io.campanile.node.protocol.ControlMessage.Usage;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Gathers what nodes measure, and shows it. What came since the last {@link #flush} is in memory alone: that much is lost
 * when this process is killed. Blocking; knows neither HTTP nor SQL.
 */
public final class UsageService implements UsageListener {
    static final Duration HOUR = Duration.ofHours(1);
    static final Duration DAY = Duration.ofDays(1);
    /** A node measures every 10 s; one that says more is not listened to. */
    private static final long SHORTEST_STEP = 5_000;

    private static final int MOST_STRANGERS = 20_000;

    private final UsageStore store;
    private final NodeStore nodes;
    private final ClusterAccess clusters;
    private final Clock clock;
    private final Map<String, NodeUsage> current = new ConcurrentHashMap<>();
    private final Map<String, Usage> strangers = new ConcurrentHashMap<>();

    public UsageService(UsageStore store, NodeStore nodes, ClusterAccess clusters, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.nodes = requireNonNull(nodes, "nodes");
        this.clusters = requireNonNull(clusters, "clusters");
        this.clock = requireNonNull(clock, "clock");
    }

    /** A measurement that was heard already is not one more. Does not block: whose a node is is looked up by {@link #meet}. */
    @Override
    public void measured(String nodeId, Usage usage) {
        NodeUsage node = current.get(nodeId);
        if (node != null) {
            node.add(usage, clock.millis(), SHORTEST_STEP);
        } else if (strangers.size() < MOST_STRANGERS) {
            strangers.put(nodeId, usage);
        }
    }

    /** Finds out whose the nodes are that were heard for the first time; one without a cluster is nobody's. */
    void meet() {
        for (String nodeId : List.copyOf(strangers.keySet())) {
            Usage usage = strangers.remove(nodeId);
            Node found = nodes.find(nodeId).orElse(null);
            String clusterId = found == null ? null : found.clusterId();
            if (usage == null || found == null || clusterId == null) {
                continue;
            }
            var source = new Block.Source(
                    found.epoch(),
                    found.role().name(),
                    found.executorId(),
                    (long) found.shape().needMb() << 20);
            var node = new NodeUsage(new Block.Key(found.workspaceId(), clusterId, nodeId), source);
            node.add(usage, clock.millis(), SHORTEST_STEP);
            current.putIfAbsent(nodeId, node);
        }
    }

    /** What was measured of one node. */
    record Series(Block.Key key, Block.Source source, boolean live, List<Sample> samples) {}

    /** From a time to now, every so often. */
    record Report(long from, long to, long step, List<Series> nodes) {}

    /** The last hour as it was measured, or the last day in means of five minutes. */
    Report report(Caller caller, String clusterId, boolean day) {
        clusters.requireLook(caller, clusterId);
        long now = clock.millis();
        long from = now - (day ? DAY : HOUR).toMillis();
        List<Block> blocks = new ArrayList<>(store.ofCluster(caller.workspaceId(), clusterId, from - Block.LENGTH));
        Map<Block.Key, List<Block>> byNode = new LinkedHashMap<>();
        Stream.concat(blocks.stream(), unstored(caller.workspaceId(), clusterId))
                .forEach(block -> byNode.computeIfAbsent(block.key(), key -> new ArrayList<>())
                        .add(block));
        Set<String> live = store.liveNodes(caller.workspaceId(), clusterId);
        List<Series> series = byNode.entrySet().stream()
                .map(node -> series(node.getKey(), node.getValue(), live, day, from))
                .filter(node -> !node.samples().isEmpty())
                .toList();
        return new Report(from, now, day ? Block.LENGTH : 10_000, series);
    }

    private static Series series(Block.Key key, List<Block> blocks, Set<String> live, boolean day, long from) {
        List<Sample> samples = List.of();
        for (Block block : blocks) {
            samples = Block.together(samples, day ? List.of(block.mean()) : block.samples());
        }
        return new Series(
                key,
                blocks.get(blocks.size() - 1).source(),
                live.contains(key.nodeId()),
                samples.stream().filter(sample -> sample.at() >= from).toList());
    }

    private Stream<Block> unstored(long workspaceId, String clusterId) {
        return current.values().stream()
                .filter(node -> node.key().workspaceId() == workspaceId
                        && node.key().clusterId().equals(clusterId))
                .flatMap(node -> node.blocks().stream());
    }

    /** Stores what came since the last time, and forgets nodes that say nothing any more. */
    void flush() {
        long now = clock.millis();
        for (Map.Entry<String, NodeUsage> entry : current.entrySet()) {
            NodeUsage node = entry.getValue();
            node.flush(store);
            if (node.quietSince(now - 2 * Block.LENGTH)) {
                current.remove(entry.getKey(), node);
            }
        }
    }

    /** Throws away what is too old to be shown. */
    void forget() {
        long now = clock.millis();
        store.forget(now - HOUR.toMillis() - 2 * Block.LENGTH, now - DAY.toMillis() - 2 * Block.LENGTH);
    }
}
