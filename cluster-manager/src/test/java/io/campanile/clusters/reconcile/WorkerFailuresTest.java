package io.campanile.clusters.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.node.Node;
import io.campanile.clusters.node.NodeRole;
import io.campanile.clusters.node.NodeState;
import io.campanile.clusters.provider.NodeShape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A worker that runs and that its driver does not know. */
final class WorkerFailuresTest {
    private static final long BEGUN = 1_000_000;
    private static final long LOST = ClusterConfig.defaults().lostAfter().toMillis();

    private final WorkerFailures failures = new WorkerFailures(ClusterConfig.defaults());

    @Test
    void itIsGivenUpWhenTheDriverHasNotKnownItForLong() {
        assertThat(at(BEGUN, BEGUN)).isEmpty();
        failures.keepOnly(Set.of("worker"));

        assertThat(at(BEGUN + LOST, BEGUN)).isEmpty();
        assertThat(at(BEGUN + LOST + 1, BEGUN))
                .hasValueSatisfying(why -> assertThat(why).contains("does not know"));
    }

    @Test
    void whatWasBeforeAGapOfOurHearingDoesNotCount() {
        assertThat(at(BEGUN, BEGUN)).isEmpty();

        assertThat(at(BEGUN + 5 * LOST, BEGUN + 5 * LOST)).isEmpty();
        assertThat(at(BEGUN + 6 * LOST + 1, BEGUN + 5 * LOST)).isPresent();
    }

    @Test
    void nodesThatAreGoneAreForgotten() {
        assertThat(at(BEGUN, BEGUN)).isEmpty();

        failures.keepOnly(Set.of("another"));

        assertThat(at(BEGUN + LOST + 1, BEGUN)).isEmpty();
    }

    private Optional<String> at(long now, long listeningSince) {
        return failures.of(
                node("worker", NodeRole.WORKER, 0, now),
                node("driver", NodeRole.DRIVER, null, now),
                Map.of(),
                new Observation(List.of(), Map.of(), now, listeningSince));
    }

    private static Node node(String nodeId, NodeRole role, @Nullable Integer executorId, long heard) {
        return new Node(
                nodeId,
                1,
                "c",
                1,
                role,
                executorId,
                new NodeShape("local.small", 1024, "4.0.1", Map.of(), Map.of(), 2),
                NodeState.LAUNCHED,
                new Node.Life(1, 1L, 1L, 0, null, null, null, null, null, null, false),
                new Node.Report("READY", null, null, heard, 1L, null));
    }
}
