package io.campanile.clusters.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How much each node may send: so many bytes a second, and eight seconds' worth at once. */
final class NodeBudget {
    private static final int SECONDS_AT_ONCE = 8;
    /** What a request costs beside its bytes. */
    private static final long OF_A_REQUEST = 8 << 10;

    private static final int MOST_NODES = 20_000;

    private final long perSecond;
    private final Map<String, Account> accounts = new ConcurrentHashMap<>();

    NodeBudget(long perSecond) {
        this.perSecond = perSecond;
    }

    /** What a node has left, as of a moment. */
    private record Account(double left, long at) {}

    /** False when the node has to wait; {@code now} in milliseconds. */
    boolean take(String nodeId, long bytes, long now) {
        if (accounts.size() > MOST_NODES) {
            // Whoever said nothing for long has all of it again.
            accounts.values().removeIf(account -> now - account.at() > SECONDS_AT_ONCE * 1_000L);
        }
        long wanted = bytes + OF_A_REQUEST;
        boolean[] given = new boolean[1];
        accounts.compute(nodeId, (id, account) -> {
            double most = (double) perSecond * SECONDS_AT_ONCE;
            double left = account == null
                    ? most
                    : Math.min(most, account.left() + Math.max(0, now - account.at()) * (perSecond / 1000.0));
            given[0] = left >= Math.min(wanted, most);
            return new Account(given[0] ? left - wanted : left, now);
        });
        return given[0];
    }
}
