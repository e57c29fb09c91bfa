package io.campanile.workspace;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Secret;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.ServiceDirectory;
import io.campanile.common.service.ServiceEnvironment;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** The service with files in S3, to be killed: {@code <data dir> <jdbc url> <user> <password> <port of the bucket>}. */
final class FilesCrashMain {
    static final byte[] KEY = "a-key-of-tests-with-32-bytes-or-more".getBytes(StandardCharsets.UTF_8);

    private FilesCrashMain() {}

    public static void main(String[] args) throws Exception {
        Path dataDir = Path.of(args[0]);
        ServiceEnvironment environment = new ServiceEnvironment(
                Vertx.vertx(),
                dataDir,
                dataDir,
                0,
                new ServiceDirectory(dataDir.resolve("run/endpoints.json")),
                new InternalTokens(KEY, Clock.systemUTC()),
                new DatabaseSettings(args[1], args[2], new Secret(args[3]), 8),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Clock.systemUTC());
        WorkspaceServer server = WorkspaceServer.start(
                        environment,
                        NodeOnBucket.config(Integer.parseInt(args[4])),
                        new Neighbours(new RecordedNotebooks(), new KnownPeople(), Caller::rights))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        System.out.println("PORT " + server.port());
        // Whoever started this ends it.
        Thread.currentThread().join();
    }
}
