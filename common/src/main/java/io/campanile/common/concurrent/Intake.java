package io.campanile.common.concurrent;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of what callers send may be in work at once, over all of them. Services hold what they are sent, several
 * times over while they read it, so without this a few large requests together would take all of their memory.
 */
public final class Intake {
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    public Intake(long most) {
        this.most = most;
    }

    /** What one request or connection has taken; on one event loop. */
    public Share share() {
        return new Share();
    }

    /** See {@link #share()}. */
    public final class Share {
        private long bytes;

        private Share() {}

        /** False when there is no room. Whoever has the whole intake alone may take more than it. */
        public boolean take(long more) {
            long now = taken.addAndGet(more);
            if (now > most && now != bytes + more) {
                taken.addAndGet(-more);
                return false;
            }
            bytes += more;
            return true;
        }

        public void giveBack(long some) {
            taken.addAndGet(-some);
            bytes -= some;
        }

        /** Gives back everything; harmless when repeated. */
        public void release() {
            giveBack(bytes);
        }
    }
}
