package io.campanile.driver;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.streaming.StreamingQueryListener.QueryStartedEvent;
import org.apache.spark.sql.streaming.StreamingQueryListener.QueryTerminatedEvent;

/** How many streaming queries run, in whichever session: each goes on after the cell that began it. */
final class StreamingActivity extends SparkListener {
    private final IntConsumer changed;
    private final Set<UUID> running = new HashSet<>();

    private StreamingActivity(IntConsumer changed) {
        this.changed = changed;
    }

    /** {@code changed} is told the number whenever it became another. */
    static void watch(SparkContext context, IntConsumer changed) {
        context.addSparkListener(new StreamingActivity(changed));
    }

    /** Called on the one thread that hands out Spark's events. */
    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        boolean other = false;
        if (event instanceof QueryStartedEvent started) {
            other = running.add(started.runId());
        } else if (event instanceof QueryTerminatedEvent ended) {
            other = running.remove(ended.runId());
        }
        if (other) {
            changed.accept(running.size());
        }
    }
}
