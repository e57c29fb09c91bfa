package io.campanile.notebooks.commands;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every minute: ends contexts in which nothing runs any more, and forgets ended ones and old commands. */
public final class CommandSweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandSweep.class);
    private static final int AT_ONCE = 500;

    private final ContextService contexts;
    private final SweepStore store;
    private final CommandLimits limits;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "command-sweep");
        thread.setDaemon(true);
        return thread;
    });

    public CommandSweep(ContextService contexts, CommandLimits limits, Clock clock) {
        this.contexts = requireNonNull(contexts, "contexts");
        this.store = new SweepStore(contexts.store().database());
        this.limits = requireNonNull(limits, "limits");
        this.clock = requireNonNull(clock, "clock");
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::attempt, 0, 1, TimeUnit.MINUTES);
    }

    private void attempt() {
        try {
            sweep();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("Contexts could not be looked at; the next look is in a minute");
        }
    }

    /** Does what is due, some at a time; the rest waits for the next look. */
    void sweep() {
        Instant now = clock.instant();
        Instant idle = now.minus(limits.idle());
        String why = "The context ran nothing for " + words(limits.idle());
        int ended = 0;
        for (CommandContext context : store.idle(idle, AT_ONCE)) {
            if (contexts.store().expire(context, idle, why, now)) {
                contexts.release(context);
                ended++;
            }
        }
        Instant old = now.minus(limits.keep());
        store.retire(old);
        store.destroyed(AT_ONCE).forEach(contexts::erase);
        int forgotten = store.forgetCommands(old, AT_ONCE);
        if (ended + forgotten > 0) {
            LOG.atInfo()
                    .addKeyValue("contexts", ended)
                    .addKeyValue("commands", forgotten)
                    .log("Idle contexts were ended and old commands forgotten");
        }
    }

    private static String words(Duration time) {
        return time.toMinutes() < 120 ? time.toMinutes() + " minutes" : time.toHours() + " hours";
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
