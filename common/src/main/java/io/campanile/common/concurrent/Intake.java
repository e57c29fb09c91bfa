package io.campanile.common.concurrent;

import io.campanile.common.auth.Person;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of what callers send may be in work at once, over all of them. Services hold what they are sent, several
 * times over while they read it, so without this a few large requests together would take all of their memory.
 */
public final class Intake {
    private final long most;
    private final Map<Long, Long> ofWorkspaces = new HashMap<>();
    private final Map<Person, Long> ofPeople = new HashMap<>();
    private long taken;

    public Intake(long most) {
        this.most = most;
    }

    public long most() {
        return most;
    }

    /** What one request or connection has taken. Whoever has the whole intake alone may take more than it. */
    public Share share() {
        return new Share(null);
    }

    /**
     * The same for one of {@code owner}, whose requests together take at most half, and those of the workspace three
     * quarters: nobody keeps all others out.
     */
    public Share share(Person owner) {
        return new Share(owner);
    }

    /** See {@link #share()}. */
    public final class Share {
        private final @Nullable Person owner;
        private long bytes;

        private Share(@Nullable Person owner) {
            this.owner = owner;
        }

        /** False when there is no room. */
        public boolean take(long more) {
            synchronized (Intake.this) {
                boolean alone = owner == null && taken == bytes;
                if (taken + more > most && !alone || owner != null && beyond(owner, more)) {
                    return false;
                }
                count(more);
                return true;
            }
        }

        public void giveBack(long some) {
            synchronized (Intake.this) {
                count(-some);
            }
        }

        /** Gives back everything; harmless when repeated. */
        public void release() {
            synchronized (Intake.this) {
                count(-bytes);
            }
        }

        private void count(long more) {
            taken += more;
            bytes += more;
            if (owner != null && more != 0) {
                add(ofPeople, owner, more);
                add(ofWorkspaces, owner.workspaceId(), more);
            }
        }
    }

    private boolean beyond(Person owner, long more) {
        return ofPeople.getOrDefault(owner, 0L) + more > most / 2
                || ofWorkspaces.getOrDefault(owner.workspaceId(), 0L) + more > most / 4 * 3;
    }

    private static <K> void add(Map<K, Long> counts, K key, long more) {
        counts.merge(key, more, (had, added) -> had + added == 0 ? null : had + added);
    }
}
