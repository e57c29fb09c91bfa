package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Handover;
import io.campanile.common.http.Requires;
import io.campanile.common.service.ServiceHttp;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contents between the gateway and a service of the same process: as files, not through a socket. */
final class HandoverTest {
    private static final String FILES = "/api/2.0/fs/files/Volumes/";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int LIMIT = 8 * 1024 * 1024;

    @TempDir
    static Path dataDir;

    private static final AtomicReference<Throwable> broken = new AtomicReference<>();
    private static GatewayFixture platform;
    private static ServiceHttp service;
    private static Path stored;

    @BeforeAll
    static void start() throws Exception {
        stored = dataDir.resolve("stored");
        platform = new GatewayFixture(dataDir, GatewayFixture.small(Duration.ofSeconds(1)));
        platform.stopService("workspace");
        service = new ServiceHttp("workspace", platform.test.environment(), 1024, () -> true);
        String all = "/api/2.0/fs/files/*";
        service.endpoints().async(HttpMethod.PUT, all, Requires.user("files.upload", "file"), HandoverTest::put);
        service.endpoints().async(HttpMethod.GET, all, Requires.user("files.download", "file"), HandoverTest::get);
        GatewayFixture.await(service.listen());
        platform.test.announce("workspace", service.port());
        Handover.withinThisProcess().takesBodies(service.port());
        // The gateway learns the address with its first request.
        platform.get(FILES + "refused", "Authorization", platform.bearer());
    }

    @AfterAll
    static void stop() {
        Handover.withinThisProcess().takesNoMore(service.port());
        service.close();
        platform.close();
    }

    private static Future<Void> put(Caller caller, RoutingContext context) {
        if (context.request().path().endsWith("refused")) {
            return Future.failedFuture(ApiException.invalid("not this one"));
        }
        return Handover.withinThisProcess()
                .takeBody(String.valueOf(context.request().getHeader(Handover.BODY)))
                .orElseThrow()
                .into(stored, 0, LIMIT)
                .onFailure(broken::set)
                .compose(size -> context.response().end("{\"bytes\":" + size + "}"));
    }

    private static Future<Void> get(Caller caller, RoutingContext context) {
        if (context.request().path().endsWith("refused")) {
            return Future.failedFuture(ApiException.invalid("not this one"));
        }
        assertThat(context.request().getHeader(Handover.TAKER))
                .isEqualTo(Handover.withinThisProcess().process());
        try {
            String key = Handover.withinThisProcess()
                    .give(new Handover.OpenFile(FileChannel.open(stored), 10, Files.size(stored) - 20));
            return context.response()
                    .setStatusCode(206)
                    .putHeader("ETag", "\"tag\"")
                    .putHeader(Handover.GIVEN, context.request().path().endsWith("gone") ? "gone" : key)
                    .end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsUploadedIsWrittenWhereTheServiceWantsItAndComesBackFromThere() throws Exception {
        byte[] content = bytes(5_000_000);

        HttpResponse<byte[]> up = send("a", content);
        HttpResponse<byte[]> down = send("a", null);

        assertThat(new String(up.body(), StandardCharsets.UTF_8)).isEqualTo("{\"bytes\":5000000}");
        assertThat(Files.readAllBytes(stored)).isEqualTo(content);
        assertThat(down.statusCode()).isEqualTo(206);
        assertThat(down.headers().firstValue("ETag")).contains("\"tag\"");
        assertThat(down.headers().firstValueAsLong("Content-Length")).hasValue(4_999_980);
        assertThat(down.headers().map().keySet()).noneMatch(name -> name.startsWith("x-campanile"));
        assertThat(down.body()).isEqualTo(java.util.Arrays.copyOfRange(content, 10, 4_999_990));
    }

    @Test
    void refusalsAreAnsweredBeforeAndAfterTheBodyAndTheConnectionGoesOn() throws Exception {
        HttpResponse<byte[]> refused = send("refused", bytes(1_000_000));
        HttpResponse<byte[]> large = send("a", bytes(LIMIT + 1));
        HttpResponse<byte[]> next = send("a", bytes(10));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(next.statusCode()).isEqualTo(200);
    }

    @Test
    void aFileThatIsNotThereAnyMoreIsNoEmptyFile() throws Exception {
        send("a", bytes(100));

        HttpResponse<byte[]> gone = send("gone", null);

        assertThat(gone.statusCode()).isEqualTo(502);
        assertThat(new String(gone.body(), StandardCharsets.UTF_8)).contains("BAD_GATEWAY");
    }

    @Test
    void aClientThatSendsTooSlowlyIsToldSoAndSoIsTheService() throws Exception {
        broken.set(null);
        try (SlowRequest slow =
                new SlowRequest(platform.gateway.port(), "PUT", FILES + "a", platform.bearer(), 1_000_000)) {
            slow.send(300_000);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(slow.answer()).startsWith("HTTP/1.1 408"));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(broken.get()).isInstanceOf(ApiException.class));
        }
    }

    @Test
    void aClientThatBreaksOffIsToldToTheService() throws Exception {
        broken.set(null);
        try (Socket socket = new Socket("127.0.0.1", platform.gateway.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT " + FILES + "a HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + platform.bearer()
                            + "\r\nContent-Length: 1000000\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(bytes(300_000));
            out.flush();
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(broken.get()).isInstanceOf(ApiException.class));
    }

    private static HttpResponse<byte[]> send(String name, byte @Nullable [] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(platform.uri(FILES + name))
                .header("Authorization", platform.bearer())
                .method(
                        body == null ? "GET" : "PUT",
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
