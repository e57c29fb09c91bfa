package io.campanile.clusters.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.clusters.reconcile.ClusterSimulation.Outcome;
import io.campanile.clusters.scaling.Autoscaler.Bounds;
import io.campanile.clusters.scaling.ScalingRules;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster that scales itself beside clusters of fixed size, under the same load. */
final class AutoscaleSimulationTest {
    private static final ScalingRules RULES = ScalingRules.of(Duration.ofMinutes(2));
    private static final int MOST = 8;
    /** What a worker of this product takes, from being asked for to its first task; see docs/results. */
    private static final long START_MILLIS = 8_000;

    private static final long LEAVE_MILLIS = 3_000;
    private static final long HORIZON_MILLIS = Duration.ofMinutes(32).toMillis();

    @ParameterizedTest
    @ValueSource(strings = {"bursty-notebook", "steady-stream", "sawtooth", "long-stage-with-tail", "nothing"})
    void itKeepsUpWithTheLargestClusterForFewerNodes(String name) {
        LoadCurve curve = LoadCurve.read(name);
        Outcome scaled = simulate(curve, 1, MOST);
        Outcome largest = simulate(curve, MOST, MOST);
        Outcome smallest = simulate(curve, 1, 1);

        print(name, "scaled 1-" + MOST, scaled);
        print(name, "fixed " + MOST, largest);
        print(name, "fixed 1", smallest);

        assertThat(largest.drainedAt()).isLessThan(Long.MAX_VALUE);
        assertThat(scaled.drainedAt())
                .as("drained soon after the largest")
                .isLessThanOrEqualTo(largest.drainedAt() + 60_000);
        assertThat(scaled.meanStageMillis())
                .as("a stage waits for workers to start, not for more")
                .isLessThanOrEqualTo(2 * largest.meanStageMillis() + 3 * START_MILLIS);
        assertThat(scaled.workerMillis()).isLessThan(largest.workerMillis());
        assertThat(scaled.wastedMillis()).isLessThan(largest.wastedMillis());
        assertThat(scaled.busyLeavers())
                .as("workers told to leave while they work")
                .isZero();
        assertThat(scaled.peak()).isLessThanOrEqualTo(MOST + 1);
        steadyBetweenSteps(scaled);
    }

    @Test
    void nothingToDoChangesNothing() {
        assertThat(simulate(LoadCurve.read("nothing"), 1, MOST).steps()).isEmpty();
    }

    @Test
    void theSameLoadAgainAndAgainSettles() {
        List<int[]> steps = simulate(LoadCurve.read("steady-stream"), 1, MOST).steps();

        assertThat(steps.stream().filter(step -> step[0] > 400 && step[0] < 1200))
                .as("steps in the middle of it")
                .isEmpty();
    }

    /** No step down soon after any other step, so that none undoes the one before. */
    private static void steadyBetweenSteps(Outcome outcome) {
        for (int i = 1; i < outcome.steps().size(); i++) {
            int[] before = outcome.steps().get(i - 1);
            int[] step = outcome.steps().get(i);
            if (step[2] < step[1]) {
                assertThat(step[0] - before[0])
                        .as("seconds from the step before to a step down")
                        .isGreaterThanOrEqualTo((int) RULES.idle().toSeconds());
            }
        }
    }

    private static Outcome simulate(LoadCurve curve, int min, int max) {
        return new ClusterSimulation(curve, new Bounds(min, max), RULES, START_MILLIS, LEAVE_MILLIS)
                .run(HORIZON_MILLIS);
    }

    /** The rows of docs/results/bench-autoscale.md. */
    private static void print(String name, String size, Outcome outcome) {
        System.out.printf(
                "| %s | %s | %s | %.1f | %d | %d | %d | %d |%n",
                name,
                size,
                outcome.drainedAt() == Long.MAX_VALUE ? "not" : outcome.drainedAt() / 1000,
                outcome.meanStageMillis() / 1000.0,
                outcome.workerMillis() / 1000,
                outcome.wastedMillis() / 1000,
                outcome.peak(),
                outcome.steps().size());
    }
}
