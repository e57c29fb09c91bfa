package io.campanile.node.agent.kernel;

import io.campanile.node.agent.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts kernels and keeps some Java kernels parked: started, warm, and without a user. Belongs to the agent's loop. */
public final class KernelPool {
    private static final Logger LOG = LoggerFactory.getLogger(KernelPool.class);
    /** A cell that just got its kernel is not to share its first seconds with the start of the next one. */
    private static final Duration REFILL_DELAY = Duration.ofSeconds(4);

    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final long START_SECONDS = 90;

    private final Loop loop;
    private final KernelProcess.Site site;
    private final List<KernelSpec> specs;
    private final int target;
    private final Runnable changed;
    private final Deque<KernelProcess> parked = new ArrayDeque<>();
    private final List<KernelProcess> all = new ArrayList<>();
    private int number;
    private boolean closed;

    public KernelPool(Loop loop, KernelProcess.Site site, List<KernelSpec> specs, int target, Runnable changed) {
        this.loop = loop;
        this.site = site;
        this.specs = List.copyOf(specs);
        this.target = target;
        this.changed = changed;
    }

    /** Parks what is missing. */
    public void fill() {
        Optional<KernelSpec> java = specs.stream().filter(KernelSpec::attaches).findFirst();
        if (closed || java.isEmpty()) {
            return;
        }
        while (parked.size() < target) {
            try {
                park(launch(java.get()));
            } catch (IOException e) {
                LOG.error("A kernel was not started", e);
                return;
            }
        }
    }

    private void park(KernelProcess kernel) {
        parked.add(kernel);
        kernel.ready().whenComplete((ready, failure) -> changed.run());
        kernel.ended().thenAccept(code -> {
            // Only a parked one is replaced here, and not at once: a kernel that cannot start is no reason to spin.
            if (parked.remove(kernel)) {
                LOG.atWarn()
                        .addKeyValue("exit", code)
                        .addKeyValue("output", kernel.process().lastLines(5))
                        .log("A parked kernel ended");
                loop.after(REFILL_DELAY, this::fill);
            }
        });
    }

    public Optional<KernelSpec> specFor(String language) {
        return specs.stream()
                .filter(spec -> spec.languages().contains(language))
                .findFirst();
    }

    /** A kernel of this kind, parked or new; completes when it answers. */
    public CompletableFuture<KernelProcess> take(KernelSpec spec) {
        if (closed) {
            return CompletableFuture.failedFuture(new IOException("The node stops"));
        }
        KernelProcess waiting = spec.attaches() ? parked.poll() : null;
        if (waiting != null) {
            loop.after(REFILL_DELAY, this::fill);
            changed.run();
            return answering(waiting);
        }
        try {
            return answering(launch(spec));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<KernelProcess> answering(KernelProcess kernel) {
        return kernel.ready().copy().orTimeout(START_SECONDS, TimeUnit.SECONDS).whenComplete((ready, failure) -> {
            if (failure != null) {
                kernel.kill();
            }
        });
    }

    private KernelProcess launch(KernelSpec spec) throws IOException {
        number++;
        var kernel = KernelProcess.start(spec, Integer.toString(number), loop, site);
        all.add(kernel);
        kernel.ended().thenAccept(code -> {
            all.remove(kernel);
            changed.run();
        });
        return kernel;
    }

    /** Parked kernels that answer. */
    public int parked() {
        return (int) parked.stream().filter(kernel -> kernel.ready().isDone()).count();
    }

    /** Every kernel process that runs. */
    public List<KernelProcess> all() {
        return List.copyOf(all);
    }

    public void close() {
        closed = true;
        all().forEach(kernel -> kernel.end(GRACE));
    }
}
