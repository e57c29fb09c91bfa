package io.campanile.kernel.cells;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The cooperative stop of running cells. Cell classes call {@link #check} at every backward jump and method entry; the
 * JIT inlines it to one volatile read. Static, because the calls stand in generated code.
 */
public final class StopCheck {
    private static volatile boolean on;
    private static volatile @Nullable Thread target;
    private static final Set<Thread> DOOMED = ConcurrentHashMap.newKeySet();
    static final ThreadGroup CELLS = new ThreadGroup("cells");

    private StopCheck() {}

    /** Called from cell classes. */
    public static void check() {
        if (on) {
            stopIfMeant();
        }
    }

    private static void stopIfMeant() {
        Thread current = Thread.currentThread();
        boolean ofCell = target != null && current.getThreadGroup() == CELLS;
        if (current == target || ofCell || DOOMED.contains(current)) {
            throw new Stopped();
        }
    }

    static synchronized void arm(Thread thread) {
        target = thread;
        on = true;
    }

    static synchronized void disarm() {
        target = null;
        DOOMED.removeIf(thread -> !thread.isAlive());
        on = !DOOMED.isEmpty();
    }

    /** An abandoned thread stays marked until it has ended. */
    static synchronized void doom(Thread thread) {
        DOOMED.add(thread);
        on = true;
    }

    /** Ends the code of a cell; a ThreadDeath, so that a thread the cell started ends without a printed trace. */
    @SuppressWarnings({"serial", "removal"})
    public static final class Stopped extends ThreadDeath {}
}
