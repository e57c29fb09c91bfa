package io.campanile.clusters.metric;

import io.campanile.node.protocol.ControlMessage.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was measured of one node and may not be stored yet: the present block, and those before that could not be. */
final class NodeUsage {
    private static final int MOST_BLOCKS = 12;

    private final Block.Key key;
    private final Block.Source source;
    private final TreeMap<Long, Open> open = new TreeMap<>();
    private long measured;
    private long heard;

    NodeUsage(Block.Key key, Block.Source source) {
        this.key = key;
        this.source = source;
    }

    /** A block that grows; {@code merged}: what an earlier process stored of it is in it. */
    private static final class Open {
        private List<Sample> samples = new ArrayList<>();
        private boolean merged;
        private boolean dirty;
    }

    Block.Key key() {
        return key;
    }

    synchronized void add(Usage usage, long now, long shortestStep) {
        if (usage.at() == measured || now - heard < shortestStep) {
            return;
        }
        measured = usage.at();
        heard = now;
        Open block = open.computeIfAbsent(now / Block.LENGTH * Block.LENGTH, at -> new Open());
        block.samples.add(Sample.of(usage, now));
        block.dirty = true;
        while (open.size() > MOST_BLOCKS) {
            open.pollFirstEntry();
        }
    }

    synchronized boolean quietSince(long time) {
        return heard < time;
    }

    synchronized List<Block> blocks() {
        return open.entrySet().stream()
                .map(block -> Block.of(key, source, block.getKey(), block.getValue().samples))
                .toList();
    }

    /** Stores what is new; of blocks that are over nothing is held any longer. Whoever adds meanwhile waits for no disk. */
    void flush(UsageStore store) {
        for (long at : due()) {
            List<Sample> stored = merged(at) ? List.of() : store.samples(key, at);
            List<Sample> samples = merge(at, stored);
            store.put(Block.of(key, source, at, samples));
            settled(at, samples.size());
        }
    }

    private synchronized List<Long> due() {
        return open.entrySet().stream()
                .filter(block -> block.getValue().dirty)
                .map(Map.Entry::getKey)
                .toList();
    }

    private synchronized boolean merged(long at) {
        Open block = open.get(at);
        return block != null && block.merged;
    }

    private synchronized List<Sample> merge(long at, List<Sample> stored) {
        Open block = open.computeIfAbsent(at, missing -> new Open());
        block.samples = new ArrayList<>(Block.together(stored, block.samples));
        block.merged = true;
        return List.copyOf(block.samples);
    }

    private synchronized void settled(long at, int samples) {
        Open block = open.get(at);
        if (block != null && block.samples.size() == samples) {
            block.dirty = false;
            if (at < open.lastKey()) {
                open.remove(at);
            }
        }
    }
}
