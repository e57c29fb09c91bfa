package io.campanile.common.concurrent;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Person;
import java.util.HashMap;
import java.util.Map;

/**
 * Who has how many of the places there are. One person has at most half of them and one workspace three quarters,
 * however slowly they take what they asked for: nobody keeps everybody else out.
 */
public final class Places {
    private final int most;
    private final Map<Long, Integer> ofWorkspaces = new HashMap<>();
    private final Map<Person, Integer> ofPeople = new HashMap<>();
    private int taken;

    public Places(int most) {
        this.most = most;
    }

    /** False when there is none for this caller. */
    public synchronized boolean take(Caller caller) {
        boolean none = taken >= most
                || ofWorkspaces.getOrDefault(caller.workspaceId(), 0) >= Math.max(1, most * 3 / 4)
                || ofPeople.getOrDefault(caller.person(), 0) >= Math.max(1, most / 2);
        if (none) {
            return false;
        }
        taken++;
        ofWorkspaces.merge(caller.workspaceId(), 1, Integer::sum);
        ofPeople.merge(caller.person(), 1, Integer::sum);
        return true;
    }

    public synchronized void give(Caller caller) {
        taken--;
        less(ofWorkspaces, caller.workspaceId());
        less(ofPeople, caller.person());
    }

    private static <K> void less(Map<K, Integer> counts, K key) {
        counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }
}
