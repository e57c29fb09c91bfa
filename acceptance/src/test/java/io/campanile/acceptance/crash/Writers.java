package io.campanile.acceptance.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writers, each on a thread of its own, that work and rest together. */
final class Writers implements AutoCloseable {
    private static final long PATIENCE_NANOS = Duration.ofMinutes(4).toNanos();

    private final List<Writer> writers;
    private final List<Thread> threads = new ArrayList<>();
    private final Object lock = new Object();
    private boolean working;
    private boolean closed;
    private int busy;
    private @Nullable Throwable failure;

    Writers(List<Writer> writers) {
        this.writers = List.copyOf(writers);
        this.writers.forEach(writer -> {
            Thread thread = new Thread(() -> work(writer), writer.name());
            threads.add(thread);
            thread.start();
        });
    }

    void work() {
        synchronized (lock) {
            working = true;
            lock.notifyAll();
        }
    }

    /** Returns when so many operations more were acknowledged than {@code before}. */
    void awaitAcknowledged(int total) throws Exception {
        await(() -> acknowledged() >= total, "acknowledgements: " + acknowledged() + ", awaited " + total);
    }

    /** Returns when every writer has the acknowledgement of what it had begun. */
    void rest() throws Exception {
        synchronized (lock) {
            working = false;
        }
        await(() -> busy == 0, "writers rest");
    }

    /** What was acknowledged so far, by all of them; exact only while they rest. */
    int acknowledged() {
        return writers.stream().mapToInt(Writer::acknowledged).sum();
    }

    void verify(boolean all) throws Exception {
        for (Writer writer : writers) {
            writer.verify(all);
        }
    }

    String tally() {
        return writers.stream()
                .map(writer -> writer.name() + " " + writer.acknowledged())
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() throws Exception {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join(10_000);
        }
        for (Writer writer : writers) {
            writer.close();
        }
    }

    private void work(Writer writer) {
        try {
            while (begin()) {
                writer.write();
                end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            synchronized (lock) {
                failure = failure == null && !closed ? new AssertionError("Writer of " + writer.name(), e) : failure;
                lock.notifyAll();
            }
        }
    }

    private boolean begin() throws InterruptedException {
        synchronized (lock) {
            while (!working && !closed) {
                lock.wait();
            }
            busy++;
            return !closed;
        }
    }

    private void end() {
        synchronized (lock) {
            busy--;
            lock.notifyAll();
        }
    }

    private void await(java.util.function.BooleanSupplier condition, String what) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        synchronized (lock) {
            while (failure == null && !condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("Not in time: " + what + "; " + tally());
                }
                lock.wait(left);
            }
            if (failure != null) {
                throw new AssertionError("A writer failed; " + tally(), failure);
            }
        }
    }
}
