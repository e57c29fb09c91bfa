package io.campanile.clusters.reconcile;

import io.campanile.clusters.node.Node;
import io.campanile.node.protocol.ControlMessage.ExecutorLoad;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Which workers go when there are too many: those with the least to lose. */
final class Victims {
    private Victims() {}

    /** {@code loads}: what the driver says of its executors, by their ids. Those it does not know go first. */
    static List<Node> choose(List<Node> workers, Map<String, ExecutorLoad> loads, int count) {
        Comparator<Node> byLoad = Comparator.comparing(
                node -> loads.get(String.valueOf(node.executorId())), Comparator.nullsFirst(leastToLose()));
        return workers.stream()
                .sorted(byLoad.thenComparing(
                        node -> node.executorId() == null ? 0 : node.executorId(), Comparator.reverseOrder()))
                .limit(Math.max(0, count))
                .toList();
    }

    /** Idle before busy; then the longest idle, as far as seconds go; then the fewest bytes to move. */
    private static Comparator<ExecutorLoad> leastToLose() {
        return Comparator.<ExecutorLoad>comparingInt(ExecutorLoad::runningTasks)
                .thenComparingLong(load -> load.idleSince() == null ? Long.MAX_VALUE : load.idleSince() / 10_000)
                .thenComparingLong(
                        load -> load.cachedBytes() + (load.shuffleBytes() == null ? 0 : load.shuffleBytes()));
    }
}
