package io.campanile.common.testing;

import io.campanile.common.auth.Secret;
import io.campanile.common.db.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One real PostgreSQL per test JVM; every caller gets a database of its own. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static @Nullable EmbeddedPostgres server;

    private TestDatabase() {}

    /** Settings of a new, empty database. */
    public static synchronized DatabaseSettings create() {
        try {
            EmbeddedPostgres running = server;
            if (running == null) {
                running = EmbeddedPostgres.builder().start();
                server = running;
            }
            String name = "t" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
            try (Connection connection = running.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            }
            return new DatabaseSettings(
                    "jdbc:postgresql://127.0.0.1:" + running.getPort() + "/" + name,
                    "postgres",
                    new Secret("postgres"),
                    8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
