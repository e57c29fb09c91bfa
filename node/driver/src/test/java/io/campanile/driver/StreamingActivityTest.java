package io.campanile.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.streaming.StreamingQueryListener.QueryStartedEvent;
import org.apache.spark.sql.streaming.StreamingQueryListener.QueryTerminatedEvent;
import org.junit.jupiter.api.Test;
import scala.Option;

final class StreamingActivityTest {
    private final AtomicInteger running = new AtomicInteger();
    private final List<Integer> told = new ArrayList<>();
    private final StreamingActivity activity = new StreamingActivity(running::get, told::add);

    @Test
    void whatRunsIsToldWhenAQueryBeginsOrEndsAndOnlyWhenItIsAnotherNumber() {
        activity.onOtherEvent(started());
        running.set(2);
        activity.onOtherEvent(started());
        activity.onOtherEvent(started());
        running.set(1);
        activity.onOtherEvent(ended());

        assertThat(told).containsExactly(2, 1);
    }

    @Test
    void aQueryWhoseEventsAreLostIsFoundByLooking() {
        running.set(1);
        activity.look();
        activity.look();
        running.set(0);
        activity.look();

        assertThat(told).containsExactly(1, 0);
    }

    private static QueryStartedEvent started() {
        return new QueryStartedEvent(UUID.randomUUID(), UUID.randomUUID(), "q", "2026-11-27T08:00:00Z");
    }

    private static QueryTerminatedEvent ended() {
        return new QueryTerminatedEvent(UUID.randomUUID(), UUID.randomUUID(), Option.empty());
    }
}
