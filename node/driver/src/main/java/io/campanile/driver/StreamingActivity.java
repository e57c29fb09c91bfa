package io.campanile.driver;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryListener.QueryStartedEvent;
import org.apache.spark.sql.streaming.StreamingQueryListener.QueryTerminatedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many streaming queries run, in whichever session: each goes on after the cell that began it. Spark is asked, as
 * it drops events when it has too many; an event only says that this is the time to ask.
 */
final class StreamingActivity extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger(StreamingActivity.class);
    private static final long SECONDS = 1;

    private final IntSupplier running;
    private final IntConsumer changed;
    private int told;

    /** {@code changed} is told the number whenever it became another. */
    StreamingActivity(IntSupplier running, IntConsumer changed) {
        this.running = running;
        this.changed = changed;
    }

    static void watch(SparkSession spark, IntConsumer changed) {
        var queries = spark.sharedState().activeStreamingQueries();
        var activity = new StreamingActivity(queries::size, changed);
        spark.sparkContext().addSparkListener(activity);
        var timer = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "streams");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(activity::lookAgain, SECONDS, SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        if (event instanceof QueryStartedEvent || event instanceof QueryTerminatedEvent) {
            look();
        }
    }

    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            // The next second may be better; a timer whose task throws is over.
            LOG.warn("The number of streaming queries cannot be told", e);
        }
    }

    /** For the thread that hands out Spark's events and for the timer's. */
    synchronized void look() {
        int now = running.getAsInt();
        if (now != told) {
            told = now;
            changed.accept(now);
        }
    }
}
