package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failures, retries and what scripts see of them. */
final class WireTest extends PlayedTest {
    private static final String LIST = "GET /api/2.0/workspace/list";
    private static final String EMPTY = "{\"objects\":[]}";

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_PARAMETER_VALUE, 1",
        "401, UNAUTHENTICATED, 3",
        "403, PERMISSION_DENIED, 3",
        "404, RESOURCE_DOES_NOT_EXIST, 4",
        "404, ENDPOINT_NOT_FOUND, 1",
        "409, RESOURCE_CONFLICT, 1",
        "429, REQUEST_LIMIT_EXCEEDED, 5",
        "500, INTERNAL_ERROR, 1",
        "503, TEMPORARILY_UNAVAILABLE, 5",
    })
    void everyRefusalHasItsExitCodeAndTheServersWords(int status, String code, int exit) {
        server.on(LIST, status, "{\"error_code\":\"" + code + "\",\"message\":\"Path (/x) is odd\",\"details\":[]}");

        Cli.Ended ended = cli.run("workspace", "ls", "/x");

        assertThat(ended.code()).isEqualTo(exit);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("Error: Path (/x) is odd [" + code + "]");
    }

    @Test
    void theFieldOfARefusalIsNamed() {
        server.on(
                LIST,
                400,
                "{\"error_code\":\"BAD_REQUEST\",\"message\":\"Too long\",\"details\":[{\"field\":\"path\"}]}");

        assertThat(cli.run("workspace", "ls").err()).contains("Too long (field path) [BAD_REQUEST]");
    }

    @Test
    void aRefusalOfScimIsUnderstood() {
        server.on(
                "POST /api/2.0/preview/scim/v2/Groups",
                409,
                "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"detail\":\"Group data exists\","
                        + "\"scimType\":\"uniqueness\",\"status\":\"409\"}");

        Cli.Ended ended = cli.run("groups", "create", "data");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("Group data exists [uniqueness]");
    }

    @Test
    void aPageOfAProxyIsQuotedWithoutItsControlCharacters() {
        server.on(LIST, 418, "<b>\u001b[31mteapot</b>");

        assertThat(cli.run("workspace", "ls").err())
                .contains("The server answered 418: <b>\uFFFD[31mteapot</b>")
                .doesNotContain("\u001b");
    }

    @Test
    void whatIsNotReadyIsAskedAgainAfterTheTimeTheServerNames() {
        AtomicInteger calls = new AtomicInteger();
        server.on(LIST, (exchange, asked) -> {
            if (calls.incrementAndGet() == 1) {
                exchange.getResponseHeaders().set("Retry-After", "7");
                PlayedServer.send(exchange, 503, "{}");
                return;
            }
            if (calls.get() == 2) {
                exchange.getResponseHeaders().set("Retry-After", "Thu, 26 Nov 2026 12:00:09 GMT");
                PlayedServer.send(exchange, 429, "{}");
                return;
            }
            PlayedServer.send(exchange, 200, EMPTY);
        });

        Cli.Ended ended = cli.run("workspace", "ls");

        assertThat(ended.code()).isZero();
        assertThat(cli.waits()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(9));
    }

    @Test
    void fourTriesAreTheEndAndNobodyWaitsAnHour() {
        server.on(LIST, 503, "{\"message\":\"Starting\"}");
        assertThat(cli.run("workspace", "ls").code()).isEqualTo(5);
        assertThat(server.asked()).hasSize(4);
        assertThat(cli.waits()).hasSize(3).isSorted();

        server.on("GET /api/2.0/token/list", (exchange, asked) -> {
            exchange.getResponseHeaders().set("Retry-After", "3600");
            PlayedServer.send(exchange, 429, "{\"message\":\"Slowly\"}");
        });
        assertThat(cli.run("tokens", "list").code()).isEqualTo(5);
        assertThat(server.asked("GET /api/2.0/token/list")).hasSize(1);
    }

    @Test
    void aPostWhoseAnswerWasLostIsNotSentTwiceButAGetIs() {
        server.on("POST /api/2.0/token/create", (exchange, asked) -> exchange.close());
        server.on(LIST, (exchange, asked) -> exchange.close());

        assertThat(cli.run("tokens", "create").code()).isEqualTo(5);
        assertThat(cli.run("workspace", "ls").code()).isEqualTo(5);

        assertThat(server.asked("POST /api/2.0/token/create")).hasSize(1);
        // Java's client sends a GET once more by itself when a connection ends without an answer.
        assertThat(server.asked(LIST)).hasSizeBetween(4, 8);
        assertThat(cli.waits()).hasSize(3);
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        Cli.Ended ended = cli.with("CAMPANILE_HOST", "http://localhost:" + free).run("workspace", "ls");

        assertThat(ended.code()).isEqualTo(5);
        assertThat(ended.err())
                .contains("No answer from http://localhost:" + free)
                .contains("campanile status");
    }

    @Test
    void aNameUnderLocalhostReachesThisMachineUnderThatName() {
        server.on(LIST, 200, EMPTY);
        String host = server.url().replace("localhost", "second.localhost");

        assertThat(cli.with("CAMPANILE_HOST", host).run("workspace", "ls").code())
                .isZero();
        assertThat(server.asked().get(0).header("Host")).isEqualTo(host.substring("http://".length()));
    }

    @Test
    void debugShowsRequestsWithoutSecrets() {
        server.on(
                "POST /api/2.0/token/create",
                200,
                "{\"token_value\":\"dapi99999999\",\"token_info\":{\"token_id\":\"t1\",\"expiry_time\":1}}");
        server.on("POST /api/2.0/secrets/put", 200, "{}");

        Cli.Ended made = cli.run("tokens", "create", "--debug", "--comment", "for tests");
        Cli.Ended put = cli.typing("hunter2").run("secrets", "put", "s", "k", "--debug");

        assertThat(made.err())
                .contains("> POST " + server.url() + "/api/2.0/token/create")
                .contains("for tests")
                .contains("\"token_value\":\"****\"")
                .contains("< 200")
                .doesNotContain("dapi");
        assertThat(made.out()).isEqualTo("dapi99999999\n");
        assertThat(put.err()).contains("\"string_value\":\"****\"").doesNotContain("hunter2");
    }

    @Test
    void scimListsAreReadToTheirEnd() {
        server.on("GET /api/2.0/preview/scim/v2/Users", (exchange, asked) -> {
            boolean first = asked.target().contains("startIndex=1&");
            StringBuilder page = new StringBuilder("{\"totalResults\":150,\"Resources\":[");
            for (int id = first ? 1 : 101; id <= (first ? 100 : 150); id++) {
                page.append(id == 1 || id == 101 ? "" : ",")
                        .append("{\"id\":\"")
                        .append(id)
                        .append("\",\"userName\":\"u")
                        .append(id)
                        .append("\"}");
            }
            PlayedServer.send(exchange, 200, page.append("]}").toString());
        });

        Cli.Ended ended = cli.run("users", "list", "--quiet");

        assertThat(ended.out().lines()).hasSize(150).last().asString().startsWith("150  u150");
    }
}
