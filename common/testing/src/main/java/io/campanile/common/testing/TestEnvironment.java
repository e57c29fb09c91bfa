package io.campanile.common.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.ServiceDirectory;
import io.campanile.common.json.Json;
import io.campanile.common.service.ServiceEnvironment;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A service environment on a temporary data directory and a database of its own; port 0. */
public final class TestEnvironment implements AutoCloseable {
    private static final byte[] KEY = "a-key-of-tests-with-32-bytes-or-more".getBytes(StandardCharsets.UTF_8);
    private final Path directoryFile;
    private final Map<String, String> urls = new TreeMap<>();
    private final ServiceEnvironment environment;

    public TestEnvironment(Path dataDir) {
        this(dataDir, Clock.systemUTC());
    }

    public TestEnvironment(Path dataDir, Clock clock) {
        this(dataDir, clock, TestDatabase.create(), 0);
    }

    /** On a database that outlives it, and a port at which its services are found again; 0 is any. */
    public TestEnvironment(Path dataDir, Clock clock, DatabaseSettings database, int port) {
        this.directoryFile = dataDir.resolve("run/endpoints.json");
        announce();
        this.environment = new ServiceEnvironment(
                Vertx.vertx(),
                dataDir,
                dataDir,
                port,
                new ServiceDirectory(directoryFile),
                new InternalTokens(KEY, Clock.systemUTC()),
                database,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                clock);
    }

    public ServiceEnvironment environment() {
        return environment;
    }

    /** Makes a service known to the others, as its supervisor does. */
    public void announce(String service, int port) {
        urls.put(service, "http://127.0.0.1:" + port);
        announce();
    }

    /** The Authorization header value of a user's request as the gateway would forward it. */
    public String bearer(Caller caller, String audience) {
        return "Bearer " + environment.tokens().sign(caller, audience);
    }

    @Override
    public void close() {
        try {
            environment
                    .vertx()
                    .close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("Vert.x did not close", e);
        }
    }

    private void announce() {
        try {
            Files.createDirectories(directoryFile.getParent());
            Files.write(directoryFile, Json.MAPPER.writeValueAsBytes(urls));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
