package io.campanile.kernel.cells;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the code of one cell at a time on the worker and interrupts it: check, thread interrupt, Spark, then force. */
public final class CellRun {
    private static final long PATIENCE_SECONDS = 3;
    private static final long REMOTE_PATIENCE_MILLIS = 500;
    private final ClassLoader cells;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(CellRun::timerThread);
    private CellWorker worker;
    private boolean running;
    private boolean interrupted;
    private long number;
    private @Nullable CompletableFuture<?> task;
    private @Nullable Remote remote;

    /** Work that the cell has on the cluster. */
    public interface Remote {
        /** Called on the worker before the code runs: marks what this thread sends. */
        void mark();

        /** Ends what was marked; blocking. */
        void interrupt();
    }

    public CellRun(ClassLoader cells) {
        this.cells = cells;
        worker = new CellWorker(cells);
    }

    public synchronized void begin(@Nullable Remote work) {
        running = true;
        interrupted = false;
        number++;
        remote = work;
    }

    public synchronized void end() {
        running = false;
        remote = null;
        StopCheck.disarm();
    }

    public synchronized boolean wasInterrupted() {
        return interrupted;
    }

    /** Runs code of the cell in hand and waits for it. */
    public <T> T call(Callable<T> code) throws Throwable {
        CompletableFuture<T> result;
        synchronized (this) {
            if (interrupted) {
                throw new StopCheck.Stopped();
            }
            Remote work = remote;
            result = worker.start(() -> {
                if (work != null) {
                    work.mark();
                }
                return code.call();
            });
            task = result;
        }
        try {
            return CellWorker.await(result);
        } catch (CellWorker.Thrown e) {
            throw e.getCause() == null ? e : e.getCause();
        } finally {
            synchronized (this) {
                task = null;
            }
        }
    }

    /** Returns at once; does nothing when no cell runs. */
    public synchronized void interrupt() {
        if (!running || interrupted) {
            return;
        }
        interrupted = true;
        long cell = number;
        StopCheck.arm(worker.thread());
        Remote work = remote;
        if (work == null) {
            worker.thread().interrupt();
        } else {
            // Spark first: a client interrupted in the middle of its call lets go of the operation, and the job runs
            // on.
            Thread thread = new Thread(
                    () -> {
                        work.interrupt();
                        wake(cell);
                    },
                    "interrupt-spark");
            thread.setDaemon(true);
            thread.start();
            timer.schedule(() -> wake(cell), REMOTE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
        timer.schedule(() -> force(cell), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized void wake(long cell) {
        if (number == cell && task != null) {
            worker.thread().interrupt();
        }
    }

    private void force(long cell) {
        List<Runnable> after = new ArrayList<>();
        synchronized (this) {
            if (number != cell || task == null) {
                return;
            }
            CompletableFuture<?> abandoned = task;
            CellWorker stuck = worker;
            worker = new CellWorker(cells);
            after.add(stuck::giveUp);
            after.add(() -> abandoned.completeExceptionally(new StopCheck.Stopped()));
        }
        after.forEach(Runnable::run);
    }

    private static Thread timerThread(Runnable work) {
        Thread thread = new Thread(work, "interrupt-timer");
        thread.setDaemon(true);
        return thread;
    }
}
