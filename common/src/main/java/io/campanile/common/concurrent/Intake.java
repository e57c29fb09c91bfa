package io.campanile.common.concurrent;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of what callers send may be in work at once, over all of them. Services hold what they are sent, several
 * times over while they read it, so without this a few large requests together would take all of their memory.
 */
public final class Intake {
    private final long most;
    private final AtomicLong taken = new AtomicLong();
    private final ConcurrentMap<Object, Long> owned = new ConcurrentHashMap<>();

    public Intake(long most) {
        this.most = most;
    }

    public long most() {
        return most;
    }

    /** What one request or connection has taken; on one event loop. */
    public Share share() {
        return new Share(null);
    }

    /** The same for one of {@code owner}, whose requests together take at most half: none keeps all others out. */
    public Share share(Object owner) {
        return new Share(owner);
    }

    /** See {@link #share()}. */
    public final class Share {
        private final @Nullable Object owner;
        private long bytes;

        private Share(@Nullable Object owner) {
            this.owner = owner;
        }

        /** False when there is no room. Whoever has the whole intake alone may take more than it. */
        public boolean take(long more) {
            if (owner != null && owned.merge(owner, more, Long::sum) > most / 2) {
                disown(more);
                return false;
            }
            long now = taken.addAndGet(more);
            if (now > most && now != bytes + more) {
                taken.addAndGet(-more);
                disown(more);
                return false;
            }
            bytes += more;
            return true;
        }

        public void giveBack(long some) {
            taken.addAndGet(-some);
            disown(some);
            bytes -= some;
        }

        private void disown(long some) {
            if (owner != null) {
                owned.computeIfPresent(owner, (same, has) -> has == some ? null : has - some);
            }
        }

        /** Gives back everything; harmless when repeated. */
        public void release() {
            giveBack(bytes);
        }
    }
}
