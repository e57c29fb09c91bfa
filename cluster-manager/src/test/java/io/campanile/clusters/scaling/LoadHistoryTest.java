package io.campanile.clusters.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LoadHistoryTest {
    private static final ScalingRules RULES = ScalingRules.of(Duration.ofSeconds(10));

    @Test
    void aClockThatIsSetBackBeginsItAnew() {
        LoadHistory history = new LoadHistory(RULES);
        Autoscaler autoscaler = new Autoscaler(RULES);
        for (long at = 3_600_000; at <= 3_620_000; at += 2_000) {
            history.add(new LoadSample(at, 1, 0, 0, 1, 0));
        }
        assertThat(history.during(10_000)).hasSize(6);

        history.add(new LoadSample(2_000, 1, 100, 2, 1, 0));
        assertThat(history.during(3_000))
                .as("nothing is known of the time before")
                .isEmpty();
        history.add(new LoadSample(4_000, 1, 100, 2, 1, 0));
        history.add(new LoadSample(6_000, 1, 100, 2, 1, 0));

        assertThat(history.during(3_000)).extracting(LoadSample::at).containsExactly(4_000L, 6_000L);
        assertThat(autoscaler.decide(history, new Autoscaler.Bounds(1, 4), 2))
                .hasValueSatisfying(decision -> assertThat(decision.target()).isEqualTo(3));
    }
}
