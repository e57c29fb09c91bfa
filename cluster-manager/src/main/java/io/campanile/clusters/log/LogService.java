package io.campanile.clusters.log;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.ClusterAccess;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeStore;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of logs: what nodes may add, and who reads it. Blocking; knows neither HTTP nor SQL. */
public final class LogService {
    static final int LARGEST_CHUNK = 1 << 20;
    static final int LARGEST_READ = 1 << 20;
    private static final int MOST_LOGS = 300;
    private static final Pattern STREAM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    private final LogStore store;
    private final LogFiles files;
    private final LogRetention retention;
    private final NodeStore nodes;
    private final ClusterAccess clusters;
    private final NodeBudget budget;
    private final Clock clock;
    /** One chunk of a log after the other: the same stripe for the same log. */
    private final Object[] stripes = new Object[64];

    public LogService(
            LogStore store,
            LogFiles files,
            LogRetention retention,
            NodeStore nodes,
            ClusterAccess clusters,
            long nodeRate,
            Clock clock) {
        this.store = requireNonNull(store, "store");
        this.files = requireNonNull(files, "files");
        this.retention = requireNonNull(retention, "retention");
        this.nodes = requireNonNull(nodes, "nodes");
        this.clusters = requireNonNull(clusters, "clusters");
        this.budget = new NodeBudget(nodeRate);
        this.clock = requireNonNull(clock, "clock");
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Object();
        }
    }

    /** The logs of a cluster, those written to last first, and the nodes that are there. */
    record Listing(List<NodeLog> logs, Set<String> live) {}

    Listing list(Caller caller, String clusterId) {
        clusters.requireManage(caller, clusterId);
        return new Listing(
                store.ofCluster(caller.workspaceId(), clusterId), store.liveNodes(caller.workspaceId(), clusterId));
    }

    /** A log that the caller may read. */
    NodeLog find(Caller caller, String clusterId, String nodeId, String stream) {
        clusters.requireManage(caller, clusterId);
        return store.find(new NodeLog.Key(caller.workspaceId(), clusterId, nodeId, stream))
                .orElseThrow(() ->
                        ApiException.notFound("Node " + nodeId + " of cluster " + clusterId + " has no log " + stream));
    }

    /** Text of a log: lines from {@code offset} on, those before {@code before}, or the last ones; see {@link LogPage}. */
    LogPage read(NodeLog log, @Nullable Long offset, @Nullable Long before, int limit) {
        long end = before == null ? log.nextOffset() : Math.min(log.nextOffset(), Math.max(0, before));
        boolean fromTheEnd = offset == null;
        long from = offset == null ? end - limit : offset;
        from = Math.max(log.firstOffset(), Math.min(from, end));
        long to = Math.min(end, from + limit);
        try {
            byte[] bytes = files.read(log.key(), from, to);
            return LogPage.of(log, bytes, from, fromTheEnd, to == log.nextOffset());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the bytes of a log are. */
    List<LogFiles.Part> parts(NodeLog log) {
        return files.parts(log.key(), log.firstOffset(), log.nextOffset());
    }

    /** Where a node's log goes on. */
    long next(String nodeId, String stream) {
        return store.find(key(node(nodeId), stream)).map(NodeLog::nextOffset).orElse(0L);
    }

    /** Adds to a node's log what belongs at {@code offset}; answers where it goes on. */
    long append(String nodeId, String stream, long offset, byte[] bytes) {
        long now = clock.millis();
        if (!budget.take(nodeId, bytes.length, now)) {
            throw new ApiException(
                    ErrorCode.REQUEST_LIMIT_EXCEEDED,
                    "This node sends more than it may; try again",
                    List.of(Map.of("retry_after_seconds", 1)),
                    null);
        }
        Node node = node(nodeId);
        NodeLog.Key key = key(node, stream);
        synchronized (stripes[Math.floorMod(key.hashCode(), stripes.length)]) {
            long next = append(node, key, offset, bytes, now);
            if (next / files.segment() > offset / files.segment() || offset == 0) {
                retention.fit(key.workspaceId(), key.clusterId());
            }
            return next;
        }
    }

    private long append(Node node, NodeLog.Key key, long offset, byte[] bytes, long now) {
        NodeLog known = store.find(key).orElse(null);
        long expected = known == null ? 0 : known.nextOffset();
        if (offset != expected) {
            throw elsewhere(expected);
        }
        if (bytes.length == 0) {
            return expected;
        }
        if (known == null && store.count(key) >= MOST_LOGS) {
            throw new ApiException(ErrorCode.RESOURCE_LIMIT_EXCEEDED, "A node has at most " + MOST_LOGS + " logs");
        }
        // The bytes first: a chunk that is not told of in the database is sent again, and written over this one.
        try {
            files.write(key, offset, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("A log cannot be written", e);
        }
        long next = offset + bytes.length;
        if (known == null) {
            Integer executor = node.executorId();
            store.insert(new NodeLog(
                    key, new NodeLog.Source(node.epoch(), node.role().name(), executor), 0, next, now, now));
        } else if (!store.advance(key, offset, next, now)) {
            throw elsewhere(store.find(key).map(NodeLog::nextOffset).orElse(0L));
        }
        return next;
    }

    private static ApiException elsewhere(long next) {
        return new ApiException(
                ErrorCode.RESOURCE_CONFLICT, "The log goes on at " + next, List.of(Map.of("next", next)), null);
    }

    /** Whose logs are somebody's: of a node that has a cluster, which is there. */
    private Node node(String nodeId) {
        return nodes.find(nodeId)
                .filter(node -> {
                    String clusterId = node.clusterId();
                    return clusterId != null && clusters.exists(node.workspaceId(), clusterId);
                })
                .orElseThrow(() -> ApiException.notFound("Node " + nodeId + " works for no cluster"));
    }

    private static NodeLog.Key key(Node node, String stream) {
        if (!STREAM.matcher(stream).matches()) {
            throw ApiException.invalid("stream must be 1 to 64 letters, digits, - and _");
        }
        return new NodeLog.Key(
                node.workspaceId(), requireNonNull(node.clusterId(), "cluster_id"), node.nodeId(), stream);
    }
}
