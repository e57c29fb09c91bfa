package io.campanile.launcher;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Secret;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.ServiceDirectory;
import io.campanile.common.service.RunningService;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.launcher.postgres.PostgresServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Services running inside this process on one Vert.x, all of them or just one. */
final class ServiceRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRuntime.class);
    private static final int POOL_SIZE = 8;

    private final DataDir data;
    private final Path home;
    private final PostgresServer database;
    private final ServiceSettings settings;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Vertx vertx;
    private final ServiceDirectory directory;
    private final Deque<RunningService> running = new ConcurrentLinkedDeque<>();

    ServiceRuntime(DataDir data, Path home, PostgresServer database) {
        this.data = requireNonNull(data, "data");
        this.home = requireNonNull(home, "home");
        this.database = requireNonNull(database, "database");
        this.settings = ServiceSettings.load(data);
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setPreferNativeTransport(false)
                        .setMetricsOptions(measured())
                        .setEventLoopPoolSize(Math.max(
                                ServiceRole.values().length,
                                2 * Runtime.getRuntime().availableProcessors())))
                .withMetrics(new MicrometerMetricsFactory(metrics))
                .build();
        this.directory = new ServiceDirectory(data.endpointsFile());
    }

    /** What is asked of a service is counted where it is answered; counting it here too is a tenth of a small request. */
    private static MetricsOptions measured() {
        return new MicrometerMetricsOptions()
                .setEnabled(true)
                .addDisabledMetricsCategory(MetricsDomain.HTTP_CLIENT)
                .addDisabledMetricsCategory(MetricsDomain.NET_CLIENT);
    }

    /** Starts one service on the port that endpoints.json names. */
    void start(ServiceRole role) {
        int port = URI.create(directory.url(role.title())).getPort();
        DatabaseSettings databaseSettings = ServiceRole.withSchema().contains(role.title())
                ? database.settingsOf(role.title(), POOL_SIZE)
                : new DatabaseSettings("jdbc:none", "none", new Secret(""), 1);
        ServiceEnvironment environment = new ServiceEnvironment(
                vertx,
                data.root(),
                home,
                port,
                directory,
                new InternalTokens(data.internalKey(), Clock.systemUTC()),
                databaseSettings,
                metrics,
                Clock.systemUTC());
        try {
            // Each on an event loop of its own: what starts on one thread would share the loop of that thread.
            vertx.deployVerticle(context -> role.start(environment, settings).onSuccess(running::push))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            LOG.atInfo()
                    .addKeyValue("service", role.title())
                    .addKeyValue("port", port)
                    .log("Service started");
        } catch (ExecutionException | TimeoutException e) {
            throw new LaunchException("The service " + role.title() + " did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("Interrupted while starting " + role.title() + ".", e);
        }
    }

    @Override
    public void close() {
        while (!running.isEmpty()) {
            running.pop().close();
        }
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).log("Vert.x did not close in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
