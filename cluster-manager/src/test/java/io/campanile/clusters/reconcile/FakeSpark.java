package io.campanile.clusters.reconcile;

import io.campanile.clusters.node.Node;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.ExecutorLoad;
import io.campanile.node.protocol.ControlMessage.Load;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.ControlMessage.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the nodes of clusters with workers say: executors that start when they are told their driver, and end when asked. */
final class FakeSpark {
    /** What a node was told to join; the application is its cluster's. */
    final Map<String, ControlMessage.Join> joined = new HashMap<>();

    final List<ControlMessage.Decommission> decommissions = new ArrayList<>();
    /** Executors that run a task, by id, and what the others have kept. */
    final Set<String> busy = new HashSet<>();

    final Map<String, Long> cachedBytes = new HashMap<>();
    final Map<String, Long> idleSince = new HashMap<>();
    final Set<String> failed = new HashSet<>();
    int pendingTasks;
    int runningTasks;
    /** Executors that were asked to leave end only then. */
    boolean mayLeave = true;

    private final Set<String> asked = new HashSet<>();

    void heard(String nodeId, ControlMessage message) {
        if (message instanceof ControlMessage.Join join) {
            joined.put(nodeId, join);
        }
        if (message instanceof ControlMessage.Decommission decommission) {
            decommissions.add(decommission);
            decommission.executorIds().forEach(id -> asked.add(nodeId + " " + id));
        }
    }

    NodeStatus statusOf(Node node, List<Node> there, @Nullable Long idle) {
        if (node.worker()) {
            return new NodeStatus(stateOf(node, there), null, 0, 0, null, List.of());
        }
        boolean alone = node.clusterId() == null
                || there.stream()
                        .noneMatch(other -> other.worker() && Objects.equals(other.clusterId(), node.clusterId()));
        return new NodeStatus(
                DriverState.READY,
                null,
                1,
                0,
                idle,
                List.of(),
                alone ? null : new Scheduler("spark://" + node.nodeId(), "app-" + node.clusterId()),
                alone ? null : new Load(pendingTasks, runningTasks, executors(node, there)));
    }

    private DriverState stateOf(Node worker, List<Node> there) {
        if (failed.contains(worker.nodeId())) {
            return DriverState.FAILED;
        }
        boolean left = there.stream().anyMatch(driver -> leaves(driver, worker)) && mayLeave;
        if (left) {
            return DriverState.ENDED;
        }
        return joined.containsKey(worker.nodeId()) ? DriverState.READY : DriverState.STARTING;
    }

    private List<ExecutorLoad> executors(Node driver, List<Node> there) {
        return there.stream()
                .filter(node -> node.worker() && node.usable() && Objects.equals(node.clusterId(), driver.clusterId()))
                .filter(node -> node.epoch() == driver.epoch() && stateOf(node, there) == DriverState.READY)
                .map(node -> load(driver, node))
                .toList();
    }

    private ExecutorLoad load(Node driver, Node worker) {
        String id = String.valueOf(worker.executorId());
        return new ExecutorLoad(
                id,
                2,
                busy.contains(id) ? 1 : 0,
                busy.contains(id) ? null : idleSince.getOrDefault(id, 0L),
                cachedBytes.getOrDefault(id, 0L),
                null,
                leaves(driver, worker));
    }

    private boolean leaves(Node driver, Node worker) {
        return Objects.equals(driver.clusterId(), worker.clusterId())
                && driver.epoch() == worker.epoch()
                && asked.contains(driver.nodeId() + " " + worker.executorId());
    }
}
