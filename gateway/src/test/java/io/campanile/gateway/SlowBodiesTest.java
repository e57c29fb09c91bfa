package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.http.Requires;
import io.campanile.common.service.ServiceHttp;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies that come too slowly are not waited for; those that come slowly, or for which the service takes its time, are.
 * A body that trickles is also the clock of these tests: once it is over, the patience of all that began before it is.
 */
final class SlowBodiesTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final String ECHO = "/api/2.0/workspace/echo";
    private static final String HELD = "/api/2.0/fs/files/Volumes/held";

    @TempDir
    static Path dataDir;

    private static final Promise<Void> reading = Promise.promise();
    private static GatewayFixture platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new GatewayFixture(dataDir, GatewayFixture.small(Duration.ofSeconds(1)));
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void aBodyThatTricklesIsRefusedAndKeptNobodyOut() throws Exception {
        String other = platform.internal(
                        "/internal/users", Map.of("workspace_id", platform.workspaceId, "user", "other@example.com"))
                .path("token")
                .asText();
        String stranger = platform.internal("/internal/workspaces", Map.of("name", "Others", "user", "s@example.com"))
                .path("token")
                .asText();
        try (SlowRequest slow = slow("POST", ECHO, 2 * MEBIBYTE)) {
            slow.send(1024);
            assertThat(post("Bearer " + other).statusCode()).isEqualTo(200);
            assertThat(post("Bearer " + stranger).statusCode()).isEqualTo(200);

            String answer = trickle(slow);

            assertThat(answer).startsWith("HTTP/1.1 408").contains("BAD_REQUEST", "too slowly", "16384 bytes a second");
            assertThat(slow.closed()).isTrue();
        }
    }

    @Test
    void smallBodiesAndFilesThatTrickleAreRefusedAlike() throws Exception {
        try (SlowRequest small = slow("POST", ECHO, 1000);
                SlowRequest file = slow("PUT", "/api/2.0/fs/files/Volumes/f", 50 * MEBIBYTE)) {
            assertThat(trickle(small)).startsWith("HTTP/1.1 408");
            assertThat(trickle(file)).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void aSlowBodyThatComesIsTaken() throws Exception {
        try (SlowRequest honest = slow("POST", ECHO, 2 * MEBIBYTE);
                SlowRequest clock = slow("POST", ECHO, 1000)) {
            AtomicInteger sent = new AtomicInteger();
            Awaitility.await().pollInterval(Duration.ofMillis(40)).until(() -> {
                honest.send(8 * 1024);
                sent.addAndGet(8 * 1024);
                return !clock.answer().isEmpty();
            });
            honest.send(2 * MEBIBYTE - sent.get());

            Awaitility.await()
                    .atMost(Duration.ofSeconds(9))
                    .until(() -> !honest.answer().isEmpty());

            assertThat(honest.answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whoWaitsForTheServiceIsNotSlow() throws Exception {
        platform.stopService("workspace");
        ServiceHttp service = new ServiceHttp("workspace", platform.test.environment(), 1024, () -> true);
        service.endpoints().async(HttpMethod.PUT, HELD, Requires.user("files.upload", "file"), (caller, context) -> {
            context.request().pause();
            // Before it goes on: what comes while nobody takes it is lost, and another thread says go.
            var whole = context.request().body();
            reading.future().onSuccess(go -> context.request().resume());
            return whole.compose(body -> context.response().end("{\"bytes\":" + body.length() + "}"));
        });
        GatewayFixture.await(service.listen());
        platform.test.announce("workspace", service.port());
        String file = "x".repeat(20 * MEBIBYTE);
        CompletableFuture<HttpResponse<String>> held = CompletableFuture.supplyAsync(
                () -> platform.send("PUT", HELD, file, "Authorization", platform.bearer()));
        try {
            for (int i = 0; i < 2; i++) {
                try (SlowRequest clock = slow("POST", "/api/2.0/clusters/create", 1000)) {
                    assertThat(trickle(clock)).startsWith("HTTP/1.1 408");
                }
            }
            assertThat(held).isNotDone();

            reading.complete();

            HttpResponse<String> answer = held.get();
            assertThat(answer.body()).isEqualTo("{\"bytes\":" + file.length() + "}");
            assertThat(answer.statusCode()).isEqualTo(200);
        } finally {
            service.close();
            platform.startService("workspace");
        }
    }

    private static SlowRequest slow(String method, String path, int length) throws Exception {
        return new SlowRequest(platform.gateway.port(), method, path, platform.bearer(), length);
    }

    /** A byte at a time, until there is an answer. */
    private static String trickle(SlowRequest slow) throws Exception {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            slow.send(1);
            return slow.answer().endsWith("}");
        });
        return slow.answer();
    }

    private static HttpResponse<String> post(String bearer) {
        return platform.post(ECHO, "x".repeat(MEBIBYTE), "Authorization", bearer);
    }
}
