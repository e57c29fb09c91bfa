package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers send together is bounded, or a few of them would take the memory of everybody. */
final class IntakeTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final String ECHO = "/api/2.0/workspace/echo";

    @TempDir
    static Path dataDir;

    private static GatewayFixture platform;
    private static WebSocketClient client;

    @BeforeAll
    static void start() throws Exception {
        platform = new GatewayFixture(dataDir, GatewayFixture.small(Duration.ofMinutes(1)));
        client = platform.test
                .environment()
                .vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setMaxFrameSize(4 * MEBIBYTE)
                        .setMaxMessageSize(16 * MEBIBYTE));
    }

    @AfterAll
    static void stop() {
        client.close();
        platform.close();
    }

    @Test
    void unfinishedMessagesOfAllSocketsTogetherHaveTheirLimit() throws Exception {
        WebSocket first = open();
        WebSocket second = open();
        AtomicInteger arrived = new AtomicInteger();
        first.textMessageHandler(text -> arrived.set(text.length()));
        begin(first);
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> post().statusCode() == 503);

        begin(second);
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(second::isClosed);

        assertThat(second.closeStatusCode()).isEqualTo((short) 1013);
        HttpResponse<String> refused = post();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("TEMPORARILY_UNAVAILABLE");
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");

        first.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("x"), true));
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> arrived.get() > MEBIBYTE);

        assertThat(post().statusCode()).isEqualTo(200);
        first.close();
    }

    @Test
    void whatIsOnlyAnnouncedKeepsNobodyOut() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                slow.add(begin(platform.bearer(), 2 * MEBIBYTE));
            }

            HttpResponse<String> beside = post();

            assertThat(beside.statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void aWorkspaceWhoseBodiesStandStillKeepsNoOtherOut() throws Exception {
        String first = "Bearer " + user("first@example.com");
        String second = "Bearer " + user("second@example.com");
        String third = "Bearer " + user("third@example.com");
        String stranger = "Bearer "
                + platform.internal("/internal/workspaces", Map.of("name", "Others", "user", "other@example.com"))
                        .path("token")
                        .asText();
        List<Socket> slow = new ArrayList<>();
        try {
            slow.add(begin(first, 2 * MEBIBYTE));
            send(slow.get(0), 2 * MEBIBYTE - 2);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> post(first).statusCode() == 503);
            assertThat(post(second).statusCode()).as("another person's").isEqualTo(200);

            slow.add(begin(second, MEBIBYTE));
            send(slow.get(1), MEBIBYTE - 2);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> post(third).statusCode() == 503);
            assertThat(post(stranger).statusCode()).as("another workspace's").isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> post(first).statusCode() == 200);
    }

    @Test
    void bodiesThatDoNotComeKeepNobodyElseOut() throws Exception {
        String other = "Bearer " + user("slow@example.com");
        List<Socket> slow = new ArrayList<>();
        try {
            slow.add(begin(platform.bearer(), 2 * MEBIBYTE));
            send(slow.get(0), 2 * MEBIBYTE - 2);
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> post().statusCode() == 503);
            assertThat(asked(platform.bearer()).statusCode())
                    .as("a small one beside a large one")
                    .isEqualTo(200);

            for (int i = 0; i < 8; i++) {
                slow.add(begin(platform.bearer(), 64 * 1024));
            }
            awaitRefusal(slow, () -> begin(platform.bearer(), 64 * 1024), () -> asked(platform.bearer()));
            assertThat(asked(other).statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> post().statusCode() == 200);
    }

    @Test
    void requestsThatDoNotEndKeepOnlyTheirOwnKindOut() throws Exception {
        String other = "Bearer " + user("hasty@example.com");
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 120; i++) {
                slow.add(begin("/api/campanile/v1/login", "Bearer nobody", 100));
            }
            awaitRefusal(slow, () -> begin("/api/campanile/v1/login", "Bearer nobody", 100), () -> strangers());
            assertThat(platform.get("/api/campanile/v1/me", "Authorization", platform.bearer())
                            .statusCode())
                    .isEqualTo(200);

            for (int i = 0; i < 60; i++) {
                slow.add(begin(ECHO, platform.bearer(), 100));
            }
            awaitRefusal(slow, () -> begin(ECHO, platform.bearer(), 100), () -> asked(platform.bearer()));
            assertThat(asked(other).statusCode()).isEqualTo(200);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> strangers().statusCode() == 400);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /**
     * Until a question is refused for want of room. The question takes a place itself: one that slips in among the slow
     * ones leaves a free place behind, which the next slow one takes.
     */
    private static void awaitRefusal(
            List<Socket> slow, Callable<Socket> another, Supplier<HttpResponse<String>> question) {
        Awaitility.await().atMost(Duration.ofSeconds(9)).until(() -> {
            if (question.get().statusCode() == 503) {
                return true;
            }
            slow.add(another.call());
            return false;
        });
    }

    private static HttpResponse<String> asked(String bearer) {
        return platform.post(ECHO, "x", "Authorization", bearer);
    }

    /** Of somebody without a credential, and refused at once. */
    private static HttpResponse<String> strangers() {
        return platform.post("/oidc/v1/token", "grant_type=nothing");
    }

    private static Socket begin(String bearer, int length) throws Exception {
        return begin(ECHO, bearer, length);
    }

    /** A request of which only the first byte comes. */
    private static Socket begin(String path, String bearer, int length) throws Exception {
        Socket socket = new Socket("127.0.0.1", platform.gateway.port());
        socket.getOutputStream()
                .write(("POST " + path
                                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: "
                                + bearer + "\r\nContent-Length: " + length + "\r\n\r\nx")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void filesPassWithoutTakingTheRoomOfOthers() {
        String file = "x".repeat(20 * MEBIBYTE);

        HttpResponse<String> passed =
                platform.send("PUT", "/api/2.0/fs/files/Volumes/f", file, "Authorization", platform.bearer());

        assertThat(passed.statusCode()).isEqualTo(200);
        assertThat(passed.body()).isEqualTo("{\"bytes\":" + file.length() + "}");
        assertThat(platform.send(
                                "PUT",
                                "/api/2.0/fs/files/Volumes/f",
                                "x".repeat(64 * MEBIBYTE + 1),
                                "Authorization",
                                platform.bearer())
                        .statusCode())
                .isEqualTo(413);
        assertThat(platform.send("POST", "/api/2.0/fs/files/Volumes/f", file, "Authorization", platform.bearer())
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void whatAFileIsComesThroughWithoutIt() {
        HttpResponse<String> head =
                platform.send("HEAD", "/api/2.0/fs/files/Volumes/f", null, "Authorization", platform.bearer());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Length")).contains("1234567");
        assertThat(head.headers().firstValue("ETag")).contains("\"tag\"");
    }

    @Test
    void aSocketThatGoesAwayTakesNothingWithIt() throws Exception {
        WebSocket socket = open();
        begin(socket);
        socket.close();

        Awaitility.await().atMost(Duration.ofSeconds(9)).until(() -> post().statusCode() == 200);
    }

    private static void begin(WebSocket socket) throws Exception {
        GatewayFixture.await(socket.writeFrame(WebSocketFrame.textFrame("x".repeat(3 * MEBIBYTE / 2), false)));
    }

    private static void send(Socket socket, int length) throws Exception {
        socket.getOutputStream().write("x".repeat(length).getBytes(StandardCharsets.US_ASCII));
    }

    private static String user(String name) {
        return platform.internal("/internal/users", Map.of("workspace_id", platform.workspaceId, "user", name))
                .path("token")
                .asText();
    }

    private static HttpResponse<String> post() {
        return post(platform.bearer());
    }

    private static HttpResponse<String> post(String bearer) {
        return platform.post(ECHO, "x".repeat(MEBIBYTE), "Authorization", bearer);
    }

    private static WebSocket open() throws Exception {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(platform.gateway.port())
                .setURI("/ws/v1")
                .putHeader("Authorization", platform.bearer());
        return GatewayFixture.await(client.connect(options));
    }
}
