package io.campanile.common.service;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.InternalTokens;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.InternalClient;
import io.campanile.common.http.ServiceDirectory;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What every service is given at its start.
 *
 * @param port the loopback port to listen on; 0 = any free one
 * @param home the distribution folder (CAMPANILE_HOME)
 */
public record ServiceEnvironment(
        Vertx vertx,
        Path dataDir,
        Path home,
        int port,
        ServiceDirectory directory,
        InternalTokens tokens,
        DatabaseSettings database,
        PrometheusMeterRegistry metrics,
        Clock clock) {
    public ServiceEnvironment {
        requireNonNull(vertx, "vertx");
        requireNonNull(dataDir, "dataDir");
        requireNonNull(home, "home");
        requireNonNull(directory, "directory");
        requireNonNull(tokens, "tokens");
        requireNonNull(database, "database");
        requireNonNull(metrics, "metrics");
        requireNonNull(clock, "clock");
    }

    /** A client of another service. */
    public InternalClient client(String target) {
        return new InternalClient(directory, tokens, target);
    }

    /** The same environment with another port. */
    public ServiceEnvironment withPort(int other) {
        return new ServiceEnvironment(vertx, dataDir, home, other, directory, tokens, database, metrics, clock);
    }
}
