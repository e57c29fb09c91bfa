package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends runs on this side: each once, whoever else tries. */
final class RunEnds {
    private static final Logger LOG = LoggerFactory.getLogger(RunEnds.class);

    private final RunStore runs;
    private final OutputFeed feed;
    private final Clock clock;
    private final Consumer<Run> ended;

    /** @param ended told of every run that ended here, after the commit */
    RunEnds(RunStore runs, OutputFeed feed, Clock clock, Consumer<Run> ended) {
        this.runs = requireNonNull(runs, "runs");
        this.feed = requireNonNull(feed, "feed");
        this.clock = requireNonNull(clock, "clock");
        this.ended = requireNonNull(ended, "ended");
    }

    void fail(Run run, String what, String why) {
        end(run, RunState.ERROR, why.isEmpty() ? what : what + ": " + why);
    }

    void end(Run run, RunState state, String message) {
        runs.end(run, state, message, clock.instant()).ifPresent(over -> {
            LOG.atInfo()
                    .addKeyValue("runId", run.runId())
                    .addKeyValue("state", state.wire())
                    .log("Run ended: {}", message);
            ended.accept(over);
            feed.run(over);
        });
    }
}
