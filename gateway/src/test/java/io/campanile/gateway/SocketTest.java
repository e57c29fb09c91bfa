package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SocketTest {
    @TempDir
    Path dataDir;

    private GatewayFixture platform;
    private WebSocketClient client;

    @BeforeEach
    void start() throws Exception {
        platform = new GatewayFixture(dataDir);
        client = platform.test
                .environment()
                .vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setMaxFrameSize(4 * 1024 * 1024)
                        .setMaxMessageSize(16 * 1024 * 1024));
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void framesPassInOrderBothWays() throws Exception {
        WebSocket socket = open("Cookie", platform.cookie(), "Origin", platform.origin());
        List<String> texts = new CopyOnWriteArrayList<>();
        AtomicInteger bytes = new AtomicInteger();
        socket.textMessageHandler(texts::add);
        socket.binaryMessageHandler(message -> bytes.addAndGet(message.length()));

        for (int i = 0; i < 200; i++) {
            socket.writeTextMessage("text " + i);
        }
        socket.writeBinaryMessage(Buffer.buffer(new byte[3 * 1024 * 1024]));

        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(texts).hasSize(200);
            assertThat(bytes).hasValue(3 * 1024 * 1024);
        });
        for (int i = 0; i < 200; i++) {
            assertThat(texts.get(i)).isEqualTo(GatewayFixture.USER + ": text " + i);
        }
    }

    @Test
    void anotherOriginOrNoCredentialIsRefusedBeforeTheUpgrade() throws Exception {
        String cookie = platform.cookie();

        assertRefused(401);
        assertRefused(401, "Origin", platform.origin());
        assertRefused(401, "Cookie", "campanile_session=" + "0".repeat(64), "Origin", platform.origin());
        assertRefused(403, "Cookie", cookie);
        assertRefused(403, "Cookie", cookie, "Origin", "http://evil.example");
        assertRefused(403, "Cookie", cookie, "Origin", platform.origin() + ".evil.example");
        assertRefused(403, "Authorization", platform.bearer(), "Origin", "http://evil.example");
        assertThat(open("Authorization", platform.bearer()).isClosed()).isFalse();
    }

    @Test
    void aServiceThatIsAwayIs503() throws Exception {
        platform.stopService("notebook-service");

        assertRefused(503, "Authorization", platform.bearer());
    }

    @Test
    void aSocketEndsWhenItsServiceGoesAway() throws Exception {
        WebSocket socket = open("Authorization", platform.bearer());

        platform.stopService("notebook-service");

        Awaitility.await().atMost(Duration.ofSeconds(5)).until(socket::isClosed);
    }

    @Test
    void aRevokedTokenIsRefusedAndItsSocketEndsWithinFiveSeconds() throws Exception {
        JsonNode made = GatewayFixture.json(
                platform.post("/api/2.0/token/create", Map.of(), "Authorization", platform.bearer()));
        String revoked = "Bearer " + made.path("token_value").asText();
        WebSocket ends = open("Authorization", revoked);
        WebSocket stays = open("Authorization", platform.bearer());

        platform.post(
                "/api/2.0/token/delete",
                Map.of("token_id", made.path("token_info").path("token_id").asText()),
                "Authorization",
                platform.bearer());

        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(ends.isClosed()).isTrue();
            assertThat(platform.get("/api/campanile/v1/me", "Authorization", revoked)
                            .statusCode())
                    .isEqualTo(401);
        });
        assertThat(ends.closeStatusCode()).isEqualTo((short) 1008);
        assertThat(stays.isClosed()).isFalse();
    }

    @Test
    void signingOutEndsTheSocketsOfThatSessionOnly() throws Exception {
        String leaving = platform.cookie();
        String staying = platform.cookie();
        WebSocket ends = open("Cookie", leaving, "Origin", platform.origin());
        WebSocket stays = open("Cookie", staying, "Origin", platform.origin());

        platform.post("/api/campanile/v1/logout", Map.of(), "Cookie", leaving, "Origin", platform.origin());

        Awaitility.await().atMost(Duration.ofSeconds(1)).until(ends::isClosed);
        assertThat(stays.isClosed()).isFalse();
    }

    private void assertRefused(int status, String... headers) {
        assertThatThrownBy(() -> open(headers))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class,
                        rejected -> assertThat(rejected.getStatus()).isEqualTo(status));
    }

    private WebSocket open(String... headers) throws Exception {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(platform.gateway.port())
                .setAllowOriginHeader(List.of(headers).contains("Origin"))
                .setURI("/ws/v1");
        for (int i = 0; i < headers.length; i += 2) {
            options.addHeader(headers[i], headers[i + 1]);
        }
        return GatewayFixture.await(client.connect(options));
    }
}
