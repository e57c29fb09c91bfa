package io.campanile.clusters.reconcile;

import io.campanile.clusters.node.Node;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When a pool may start its next node: less and less often while its nodes fail, and not right after one was taken. It
 * forgets with the manager, which costs one start too early.
 */
final class Restraint {
    private static final long FIRST_PAUSE_MILLIS = 5_000;
    private static final long LONGEST_PAUSE_MILLIS = 300_000;
    /** Whoever just got a node is not to share the processors of its first cells with the start of the next one. */
    private static final long REFILL_DELAY_MILLIS = 15_000;

    /** Nodes of the pool at the last look. */
    private Set<String> before = Set.of();

    /** Nodes whose end was counted, while their rows are seen. */
    private final Set<String> mourned = new HashSet<>();

    private long pauseMillis;
    private long notBefore;

    /**
     * Notes which nodes ended by themselves, because their agent did not start or did not live, and which were taken.
     * Answers one of those that newly ended.
     *
     * @param ofPool what is not gone and was made for the pool
     */
    Optional<Node> look(Collection<Node> ofPool, long now) {
        Optional<Node> ended = mourn(ofPool, now);
        boolean taken = ofPool.stream().anyMatch(node -> node.clusterId() != null && before.contains(node.nodeId()));
        if (taken) {
            delay(now, REFILL_DELAY_MILLIS);
        }
        before = ofPool.stream().filter(Node::pooled).map(Node::nodeId).collect(Collectors.toUnmodifiableSet());
        return ended;
    }

    private Optional<Node> mourn(Collection<Node> ofPool, long now) {
        Set<Node> lost = ofPool.stream()
                .filter(node -> node.clusterId() == null && node.life().lost())
                .collect(Collectors.toSet());
        mourned.retainAll(lost.stream().map(Node::nodeId).toList());
        Node ended = null;
        for (Node node : lost) {
            if (mourned.add(node.nodeId())) {
                pause(now);
                ended = node;
            }
        }
        return Optional.ofNullable(ended);
    }

    /** A node of the pool is given up. */
    void givenUp(Node node, long now) {
        mourned.add(node.nodeId());
        pause(now);
    }

    /** What cannot start would otherwise be started for ever. */
    void pause(long now) {
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis == 0 ? FIRST_PAUSE_MILLIS : 2 * pauseMillis);
        notBefore = now + pauseMillis;
    }

    /** A node of the pool is ready. */
    void wentWell() {
        pauseMillis = 0;
    }

    /** What the pool had is needed elsewhere. */
    void stepBack(long now) {
        delay(now, FIRST_PAUSE_MILLIS);
    }

    private void delay(long now, long millis) {
        notBefore = Math.max(notBefore, now + millis);
    }

    boolean open(long now) {
        return now >= notBefore;
    }
}
