package io.campanile.clusters.log;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Throws logs away: the oldest of a cluster beyond its limit, those that are old, and those of nobody. */
public final class LogRetention {
    private static final int AT_ONCE = 500;

    private final LogStore store;
    private final LogFiles files;
    private final long clusterBytes;

    /** {@code clusterBytes}: how much is kept of a cluster. */
    public LogRetention(LogStore store, LogFiles files, long clusterBytes) {
        this.store = requireNonNull(store, "store");
        this.files = requireNonNull(files, "files");
        this.clusterBytes = clusterBytes;
    }

    /**
     * Makes a cluster's logs fit: those of earlier starts go first, the oldest first; of the present one the beginnings of
     * the longest. What is written to now keeps its last file.
     */
    void fit(long workspaceId, String clusterId) {
        List<NodeLog> logs = new ArrayList<>(store.ofCluster(workspaceId, clusterId));
        long excess = logs.stream().mapToLong(NodeLog::bytes).sum() - clusterBytes;
        if (excess <= 0) {
            return;
        }
        long newest = logs.stream().mapToLong(log -> log.source().epoch()).max().orElse(0);
        Comparator<NodeLog> earlierFirst =
                Comparator.comparing(log -> log.source().epoch() == newest);
        logs.sort(earlierFirst.thenComparingLong(log -> log.source().epoch() == newest ? -log.bytes() : log.lastAt()));
        for (NodeLog log : logs) {
            if (excess > 0) {
                excess -= log.source().epoch() < newest && log.bytes() <= excess ? delete(log) : cut(log, excess);
            }
        }
    }

    /** Answers how many bytes went: whole files, but never the last one. */
    private long cut(NodeLog log, long excess) {
        long segment = files.segment();
        long last = (log.nextOffset() - 1) / segment * segment;
        long wanted = (log.firstOffset() + excess + segment - 1) / segment * segment;
        long first = Math.min(last, wanted);
        if (first <= log.firstOffset()) {
            return 0;
        }
        // The row first: a reader is never sent to a file that is gone.
        store.forgetBefore(log.key(), first);
        try {
            files.deleteBefore(log.key(), log.firstOffset(), first);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return first - log.firstOffset();
    }

    /** Deletes logs that nothing came to since {@code before}, and those of clusters that are gone; answers how many. */
    int sweep(long before) {
        List<NodeLog> over = new ArrayList<>(store.quietSince(before, AT_ONCE));
        over.addAll(store.ofNobody(AT_ONCE));
        over.forEach(this::delete);
        return over.size();
    }

    private long delete(NodeLog log) {
        try {
            files.delete(log.key());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.delete(log.key());
        return log.bytes();
    }
}
