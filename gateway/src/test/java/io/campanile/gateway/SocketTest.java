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
    void changedRightsReachRequestsAndSocketsWithinFiveSeconds() throws Exception {
        JsonNode bob = platform.internal(
                "/internal/users", Map.of("workspace_id", platform.workspaceId, "user", "bob@example.com"));
        String token = "Bearer " + bob.path("token").asText();
        WebSocket outdated = open("Authorization", token);
        WebSocket stays = open("Authorization", platform.bearer());
        assertThat(platform.get("/api/campanile/v1/routes", "Authorization", token)
                        .statusCode())
                .isEqualTo(403);

        inAdmins("{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\""
                + bob.path("user_id").asText() + "\"}]}");

        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(outdated.isClosed()).isTrue();
            assertThat(platform.get("/api/campanile/v1/routes", "Authorization", token)
                            .statusCode())
                    .isEqualTo(200);
        });
        // Not 1008, which is for credentials that ended: the client comes back, with what it may now.
        assertThat(outdated.closeStatusCode()).isEqualTo((short) 1012);
        assertThat(stays.isClosed()).isFalse();
        WebSocket renewed = open("Authorization", token);
        Awaitility.await()
                .during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(8))
                .until(() -> !renewed.isClosed());

        inAdmins("{\"op\":\"remove\",\"path\":\"members[value eq \\\""
                + bob.path("user_id").asText() + "\\\"]\"}");
        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(renewed.isClosed()).isTrue();
            assertThat(platform.get("/api/campanile/v1/routes", "Authorization", token)
                            .statusCode())
                    .isEqualTo(403);
        });
    }

    @Test
    void aDeactivatedUsersSocketEndsWithinFiveSeconds() throws Exception {
        JsonNode eve = platform.internal(
                "/internal/users", Map.of("workspace_id", platform.workspaceId, "user", "eve@example.com"));
        String token = "Bearer " + eve.path("token").asText();
        WebSocket ends = open("Authorization", token);

        scim("Users/" + eve.path("user_id").asText(), "{\"op\":\"replace\",\"path\":\"active\",\"value\":false}");

        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(ends.isClosed()).isTrue();
            assertThat(platform.get("/api/campanile/v1/me", "Authorization", token)
                            .statusCode())
                    .isEqualTo(401);
        });
        assertThat(ends.closeStatusCode()).isEqualTo((short) 1008);
    }

    private void inAdmins(String operation) {
        String id = GatewayFixture.json(platform.get(
                        "/api/2.0/preview/scim/v2/Groups?filter=displayName+eq+%22admins%22",
                        "Authorization", platform.bearer()))
                .path("Resources")
                .path(0)
                .path("id")
                .asText();
        scim("Groups/" + id, operation);
    }

    private void scim(String resource, String operation) {
        assertThat(platform.send(
                                "PATCH",
                                "/api/2.0/preview/scim/v2/" + resource,
                                "{\"Operations\":[" + operation + "]}",
                                "Authorization",
                                platform.bearer())
                        .statusCode())
                .isEqualTo(200);
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
