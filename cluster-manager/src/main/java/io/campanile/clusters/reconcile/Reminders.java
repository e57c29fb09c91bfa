package io.campanile.clusters.reconcile;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Says again, now and then, what may have been lost on its way; a new manager says it anew. */
final class Reminders {
    private static final long AGAIN_MILLIS = 5_000;
    private static final int MOST = 10_000;

    private final Map<String, Long> said = new HashMap<>();

    /** {@code say} answers whether it could be said. */
    void say(String what, long now, BooleanSupplier say) {
        Long before = said.get(what);
        if (before != null && now >= before && now - before < AGAIN_MILLIS) {
            return;
        }
        if (said.size() >= MOST) {
            said.values().removeIf(at -> now < at || now - at >= AGAIN_MILLIS);
        }
        if (say.getAsBoolean()) {
            said.put(what, now);
        }
    }
}
