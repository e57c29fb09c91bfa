package io.campanile.common.db;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import org.jooq.ConnectionProvider;
import org.jspecify.annotations.Nullable;

/**
 * Lends a thread one connection at a time. Whoever waits for a second one while it has one can wait for itself: when all
 * connections are held by threads that do so, none ever comes back.
 */
final class OneConnection implements ConnectionProvider {
    private final ConnectionProvider pool;
    private final ThreadLocal<Boolean> lent = new ThreadLocal<>();

    OneConnection(ConnectionProvider pool) {
        this.pool = requireNonNull(pool, "pool");
    }

    @Override
    public @Nullable Connection acquire() {
        if (lent.get() != null) {
            throw new IllegalStateException(
                    "A thread that has a connection asked for another: within a transaction its own context is to be used");
        }
        Connection connection = pool.acquire();
        lent.set(true);
        return connection;
    }

    @Override
    public void release(Connection connection) {
        lent.remove();
        pool.release(connection);
    }
}
