package io.campanile.common.db;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Secret;

/** Where PostgreSQL is. {@code jdbcUrl} has no credentials in it; {@code poolSize} is per service. */
public record DatabaseSettings(String jdbcUrl, String user, Secret password, int poolSize) {
    public DatabaseSettings {
        requireNonNull(jdbcUrl, "jdbcUrl");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
        if (poolSize < 1) {
            throw new IllegalArgumentException("database.pool-size must be at least 1");
        }
    }
}
