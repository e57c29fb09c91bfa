package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.node.Node;
import io.campanile.node.protocol.ControlMessage.ExecutorLoad;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells when a worker is of no use any more. */
final class WorkerFailures {
    private final ClusterConfig config;
    /** Since when the driver does not know an executor that runs. */
    private final Map<String, Long> unknownSince = new HashMap<>();

    WorkerFailures(ClusterConfig config) {
        this.config = requireNonNull(config, "config");
    }

    /** Forgets the nodes that are not there any more. */
    void keepOnly(Set<String> nodeIds) {
        unknownSince.keySet().retainAll(nodeIds);
    }

    /** Why it is given up; empty for a worker that serves or may still come to. */
    Optional<String> of(Node worker, Node driver, Map<String, ExecutorLoad> executors, Observation observation) {
        if (worker.driverIs("FAILED")) {
            return Optional.of("The executor failed. " + lastWords(worker));
        }
        Long lastSeen = worker.report().lastSeen();
        long silent = observation.lasted(lastSeen == null ? worker.life().requestedAt() : lastSeen);
        if (silent > config.lostAfter().toMillis()) {
            return Optional.of("The node was not heard for " + silent / 1000 + " s");
        }
        return worker.driverIs("READY") ? apart(worker, executors, observation) : late(worker, driver, observation);
    }

    /** It has no executor though its driver waits for it. */
    private Optional<String> late(Node worker, Node driver, Observation observation) {
        Long ready = driver.report().readyAt();
        if (ready == null) {
            return Optional.empty();
        }
        long waited = observation.lasted(Math.max(ready, worker.life().requestedAt()));
        return waited > config.startTimeout().toMillis()
                ? Optional.of("The executor was not ready after "
                        + config.startTimeout().toSeconds() + " s. " + lastWords(worker))
                : Optional.empty();
    }

    /** Its executor runs, but the driver has given it up: they do not hear each other. */
    private Optional<String> apart(Node worker, Map<String, ExecutorLoad> executors, Observation observation) {
        if (executors.containsKey(String.valueOf(worker.executorId()))) {
            unknownSince.remove(worker.nodeId());
            return Optional.empty();
        }
        long since = unknownSince.computeIfAbsent(worker.nodeId(), id -> observation.now());
        return observation.lasted(since) > config.lostAfter().toMillis()
                ? Optional.of("The driver does not know its executor")
                : Optional.empty();
    }

    private static String lastWords(Node node) {
        String message = node.report().driverMessage();
        return message == null || message.isBlank() ? "It said nothing." : "Its last lines:\n" + message;
    }
}
