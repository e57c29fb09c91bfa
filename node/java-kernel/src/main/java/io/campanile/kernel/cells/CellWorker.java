package io.campanile.kernel.cells;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;

/** The thread that runs the code of cells. JShell waits for it, so giving it up leaves JShell consistent. */
final class CellWorker {
    /** Deep recursion in a cell is common in teaching; 1 MiB frames out early with JShell's wrappers. */
    private static final long STACK_BYTES = 4L << 20;

    private final SynchronousQueue<Runnable> tasks = new SynchronousQueue<>();
    private final Thread thread;

    CellWorker(ClassLoader cells) {
        thread = new Thread(StopCheck.CELLS, this::run, "cell", STACK_BYTES);
        thread.setDaemon(true);
        // Spark's client deserialises what it sends back, with the context loader.
        thread.setContextClassLoader(cells);
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    /** Starts the code; the future ends with its value, with what it threw, or when the worker is given up. */
    <T> CompletableFuture<T> start(Callable<T> code) {
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean interrupted = false;
        while (true) {
            try {
                tasks.put(() -> complete(result, code));
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, Callable<T> code) {
        try {
            result.complete(code.call());
        } catch (Throwable e) {
            result.completeExceptionally(new Thrown(e));
        }
    }

    /** Waits for the code; the cause of the {@link Thrown} is what the code threw. */
    static <T> T await(CompletableFuture<T> result) throws Thrown {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    throw cause instanceof Thrown thrown ? thrown : new Thrown(cause);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The last resort on JDK 17 for code that no check and no interrupt reaches. */
    @SuppressWarnings("removal")
    void giveUp() {
        StopCheck.doom(thread);
        try {
            thread.stop();
        } catch (UnsupportedOperationException e) {
            // From JDK 20 on the thread runs until its next check; the kernel goes on with a new worker.
            thread.interrupt();
        }
    }

    private void run() {
        while (true) {
            try {
                tasks.take().run();
            } catch (InterruptedException e) {
                // An interrupt that arrived after its cell had ended means nothing to the next one.
                continue;
            } catch (StopCheck.Stopped e) {
                continue;
            }
        }
    }

    /** Carries what the code of a cell threw. */
    @SuppressWarnings("serial")
    static final class Thrown extends Exception {
        Thrown(Throwable cause) {
            super(cause);
        }
    }
}
