package io.campanile.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes no well-behaved client sends. */
final class RawRequestTest {
    @TempDir
    static Path dataDir;

    private static GatewayFixture platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new GatewayFixture(dataDir);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                target("absolute form", "http://other.example/api/2.0/workspace/list"),
                target("asterisk", "*"),
                target("no slash", "api/2.0/workspace/list"),
                target("encoded slash", "/api/2.0/workspace%2flist"),
                target("encoded slash upper", "/api%2F2.0/workspace/list"),
                target("encoded backslash", "/api/2.0/workspace%5clist"),
                target("backslash", "/api/2.0/workspace\\list"),
                target("encoded NUL", "/api/2.0/workspace/list%00"),
                target("NUL in query", "/api/2.0/workspace/list?path=%00"),
                target("encoded line break", "/api/2.0/workspace/list%0d%0a"),
                target("semicolon", "/api;x=y/2.0/workspace/list"),
                target("encoded semicolon", "/api/2.0/workspace/list%3bx"),
                target("dot segment", "/api/2.0/workspace/../token/list"),
                target("encoded dot segment", "/api/2.0/workspace/%2e%2e/token/list"),
                target("mixed dot segment", "/api/2.0/workspace/.%2E/token/list"),
                target("single dot", "/api/2.0/./workspace/list"),
                target("empty segment", "/api//2.0/workspace/list"),
                target("leading empty segment", "//other.example/x"),
                target("broken escape", "/api/2.0/workspace/list%zz"),
                target("cut escape", "/api/2.0/workspace/list%2"),
                target("fragment", "/api/2.0/workspace/list#x"),
                target("raw non-ASCII", "/api/2.0/workspace/\u00e4"),
                request("CONNECT", "CONNECT other.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                request("TRACE", "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                request("no Host", "GET / HTTP/1.1\r\n\r\n"),
                request("two Hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"),
                request("another Host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
                request("Host suffix trick", "GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n"),
                request("Host prefix trick", "GET / HTTP/1.1\r\nHost: evillocalhost\r\n\r\n"),
                request("Host with user", "GET / HTTP/1.1\r\nHost: a@localhost\r\n\r\n"),
                request("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n"),
                post("length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
                post("chunks and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
                post("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
                post("list of lengths", "Content-Length: 5, 5\r\n", "hello"),
                post("signed length", "Content-Length: +5\r\n", "hello"),
                post("other coding", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
                post("coding list", "Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
                post("blank before colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
                post("folded header", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
                post("bad chunk size", "Transfer-Encoding: chunked\r\n", "-1\r\nx\r\n0\r\n\r\n"),
                post("hex prefix chunk size", "Transfer-Encoding: chunked\r\n", "0x1\r\nx\r\n0\r\n\r\n"),
                post("line break in chunk extension", "Transfer-Encoding: chunked\r\n", "1;a\nb\r\nx\r\n0\r\n\r\n"),
                post("two credentials", "Authorization: Bearer x\r\nContent-Length: 0\r\n", ""),
                post("two upgrades", "Upgrade: websocket\r\nUpgrade: websocket\r\nContent-Length: 0\r\n", ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedInTheEnvelopeAndTheConnectionEnds(String name, String bytes) throws Exception {
        String answer = send(bytes + "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.").contains(" 400 ");
        assertThat(answer).contains("\"error_code\":\"BAD_REQUEST\"", "\"details\":[]");
        assertThat(answer).doesNotContain("\"status\":\"UP\"", "\"headers\"");
        assertThat(answer.indexOf("HTTP/1.", 1)).as("one answer only").isNegative();
    }

    @Test
    void aHeaderThatOnlyLooksLikeALengthStartsNoSecondRequestBehindTheDoor() throws Exception {
        String answer = send("POST /api/2.0/workspace/echo HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + platform.bearer()
                + "\r\nContent-Xength: 70\r\n\r\nGET /api/2.0/workspace/list HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\n\r\n");

        assertThat(answer).contains("HTTP/1.1 200", "HTTP/1.1 401");
    }

    @Test
    void knownHostNamesAreServedWithAnyPort() throws Exception {
        for (String host : new String[] {"localhost", "127.0.0.1:1", "[::1]:8700", "a.b.localhost:99", "LOCALHOST"}) {
            assertThat(send("GET /health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void longLinesAndHeadersAreRefused() throws Exception {
        assertThat(send("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 414 ");
        assertThat(send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(40_000) + "\r\n\r\n"))
                .contains(" 431 ");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        String one = "GET /api/2.0/workspace/list?n=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + platform.bearer() + "\r\n";
        String answer = send(one + "\r\n" + one.replace("n=1", "n=2") + "\r\n" + one.replace("n=1", "n=3")
                + "Connection: close\r\n\r\n");

        assertThat(answer.indexOf("n=1")).isPositive().isLessThan(answer.indexOf("n=2"));
        assertThat(answer.indexOf("n=2")).isLessThan(answer.indexOf("n=3"));
    }

    private static Arguments target(String name, String target) {
        return request(name, "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: BEARER\r\n\r\n");
    }

    private static Arguments post(String name, String headers, String body) {
        return request(
                name,
                "POST /api/2.0/workspace/echo HTTP/1.1\r\nHost: localhost\r\nAuthorization: BEARER\r\n" + headers
                        + "\r\n" + body);
    }

    private static Arguments request(String name, String bytes) {
        return Arguments.of(name, bytes);
    }

    /** Everything the server says until it closes the connection. */
    private static String send(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", platform.gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(request.replace("BEARER", platform.bearer()).getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
