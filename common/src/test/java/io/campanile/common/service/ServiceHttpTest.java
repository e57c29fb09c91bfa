package io.campanile.common.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Secret;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.http.Access;
import io.campanile.common.http.Requires;
import io.campanile.common.http.ServiceDirectory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A real listener, and clients that speak to it by hand. */
final class ServiceHttpTest {
    private static final Requires OPEN = new Requires("test.echo", "test", Access.OPEN);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event);
        }
    };
    private ServiceHttp server;

    @BeforeEach
    void start() throws Exception {
        server = new ServiceHttp("test", environment(), 1 << 20, () -> true);
        server.endpoints().post("/echo", OPEN, JsonNode.class, (caller, body) -> body);
        server.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        appender.start();
        root.addAppender(appender);
        ((Logger) LoggerFactory.getLogger(ServiceHttp.class)).setLevel(Level.DEBUG);
    }

    @AfterEach
    void stop() throws Exception {
        root.detachAppender(appender);
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** By an end of what is sent, and by a reset. */
    @Test
    void aBodyThatIsCutIsTheClientsDoingAndNoFault() throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            logged.clear();
            try (Socket client = client()) {
                client.setSoLinger(reset, 0);
                write(client, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"half\":");
                // The head has to be there before the end is: else nothing was cut.
                await().pollDelay(java.time.Duration.ofMillis(200)).until(() -> true);
            }

            await().untilAsserted(() -> assertThat(logged).anySatisfy(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.DEBUG);
                assertThat(event.getMessage()).isEqualTo("The sender of a request went away");
            }));
            assertThat(logged).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
        }
    }

    @Test
    void aBodyThatIsWholeIsAnswered() throws Exception {
        try (Socket client = client()) {
            write(client, "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 7\r\n\r\n{\"a\":1}");

            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("{\"a\":1}");
        }
    }

    private Socket client() throws IOException {
        return new Socket("127.0.0.1", server.port());
    }

    private static void write(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        client.getOutputStream().flush();
    }

    private ServiceEnvironment environment() {
        return new ServiceEnvironment(
                vertx,
                folder,
                folder,
                0,
                new ServiceDirectory(folder.resolve("endpoints.json")),
                new InternalTokens(
                        "a-key-of-tests-with-32-bytes-or-more".getBytes(StandardCharsets.UTF_8), Clock.systemUTC()),
                new DatabaseSettings("jdbc:none", "none", new Secret(""), 1),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Clock.systemUTC());
    }
}
