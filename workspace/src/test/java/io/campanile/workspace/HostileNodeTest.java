package io.campanile.workspace;

import static io.campanile.workspace.FilesFixture.ALICE;
import static io.campanile.workspace.FilesFixture.BOB;
import static io.campanile.workspace.FilesFixture.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the code of a cell may send with the token it can read: it is refused with a reason, and leaves nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileNodeTest {
    private static final String FILES = "/node/v1/files/";
    private static final String PUBLIC = "/api/2.0/fs/files/Volumes/main/default/v/public";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    private NodeOnBucket bucket;
    private FilesFixture platform;
    private String alice;

    @BeforeAll
    void start() throws Exception {
        bucket = new NodeOnBucket();
        platform = new FilesFixture(folder, NodeOnBucket.config(bucket.port()));
        platform.test.announce("workspace", platform.port());
        platform.volume(ALICE, "v");
        platform.upload(ALICE, "/Volumes/main/default/v/public", "public", false);
        alice = token(ALICE);
        assertThat(send(alice, "PUT", "content?path=/there&mark=m", "there").statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    void stop() throws Exception {
        platform.close();
        bucket.close();
    }

    @Test
    void pathsThatAreNone() {
        for (String path : List.of(
                "",
                "relative",
                "/a/../b",
                "/a//b",
                "/./a",
                "/a\0b",
                "/a\\b",
                "/a\u202eb",
                "/a\u200bb",
                "/e\u0301",
                "/" + "x".repeat(256),
                "/" + "x/".repeat(500),
                "/Volumes/main/default/none/a",
                "/Volumes/other/default/v/a",
                "/Volumes/main",
                "dbfs:")) {
            for (String[] call : List.of(
                    new String[] {"GET", "content?"},
                    new String[] {"PUT", "content?mark=m&"},
                    new String[] {"POST", "rename?to=/x&mark=m&"},
                    new String[] {"POST", "copy?to=/x&mark=m&"},
                    new String[] {"POST", "delete?recursive=true&"},
                    new String[] {"POST", "uploads?"})) {
                refused(alice, call[0], call[1] + "path=" + encoded(path), "", path);
            }
            for (String call : List.of("rename", "copy")) {
                refused(alice, "POST", call + "?path=/there&mark=m&to=" + encoded(path), "", path);
            }
        }
        for (String raw : List.of("%ED%A0%80", "%FF%FE", "%", "%zz")) {
            assertThat(raw(alice, "POST", "delete?path=" + raw)).isIn(400, 404);
        }
        assertThat(content("/there")).isEqualTo("there");
    }

    @Test
    void marksTagsNumbersAndTokensOfPagesThatAreNone() {
        for (String mark :
                List.of("", "x".repeat(65), "a b", "\uff10", "\u0661", "\uff41", "a/b", "a\r\nb", "\u00e9")) {
            refused(alice, "PUT", "content?path=/marked&mark=" + encoded(mark), "x", mark);
            refused(alice, "POST", "rename?path=/there&to=/marked&mark=" + encoded(mark), "", mark);
            refused(alice, "POST", "copy?path=/there&to=/marked&mark=" + encoded(mark), "", mark);
        }
        for (String page : List.of("x", "0", "-1", "../..", "\0", "\u00e9", "x".repeat(3_000), "a\nb")) {
            for (String path : List.of("/", "/Volumes/main/default", "/Volumes/main/default/v")) {
                HttpResponse<String> answer =
                        send(alice, "GET", "list?path=" + path + "&page_token=" + encoded(page), "");
                assertThat(answer.statusCode())
                        .as(page + " of " + path + answer.body())
                        .isLessThan(500);
                HttpResponse<String> open = platform.send(
                        ALICE, "GET", "/api/2.0/fs/directories" + path + "?page_token=" + encoded(page), "");
                assertThat(open.statusCode())
                        .as(page + " of " + path + open.body())
                        .isLessThan(500);
            }
        }
        for (String id : List.of("-1", "0", "99999999999999999999", "abc", "9223372036854775807", "1%00")) {
            for (String call : List.of(
                    "GET uploads/" + id,
                    "PUT uploads/" + id + "?offset=0",
                    "POST uploads/" + id + "/complete?path=/there",
                    "DELETE uploads/" + id)) {
                int status = raw(alice, call.substring(0, call.indexOf(' ')), call.substring(call.indexOf(' ') + 1));
                assertThat(status).as(call).isIn(400, 404);
            }
        }
        String upload = Json.read(send(alice, "POST", "uploads?path=/part", "").body(), JsonNode.class)
                .path("upload_id")
                .asText();
        for (String offset : List.of("", "-1", "1", "9223372036854775807", "9223372036854775808", "x")) {
            assertThat(raw(alice, "PUT", "uploads/" + upload + "?offset=" + offset))
                    .as(offset)
                    .isIn(400, 409);
        }
        assertThat(send(alice, "DELETE", "uploads/" + upload, "").statusCode()).isEqualTo(200);
    }

    @Test
    void conditionsThatNothingFulfils() {
        for (String tag :
                List.of("\"\u00e9\"", "\"" + "x".repeat(3_000) + "\"", "\"a\tb\"", "\"\"", "W/\"x\"", "x,y")) {
            for (String[] headers : List.of(new String[] {"If-Match", tag}, new String[] {"If-None-Match", tag})) {
                HttpResponse<String> read = platform.send(ALICE, "GET", PUBLIC, "", headers);
                assertThat(read.statusCode()).as(tag + read.body()).isIn(200, 400, 412, 431);
                HttpResponse<String> written = platform.send(ALICE, "PUT", PUBLIC, "no", headers);
                assertThat(written.statusCode()).as(tag + written.body()).isIn(400, 412, 431);
                HttpResponse<String> gone = platform.send(ALICE, "DELETE", PUBLIC, "", headers);
                assertThat(gone.statusCode()).as(tag + gone.body()).isIn(400, 412, 431);
            }
        }
        for (String range : List.of(
                "bytes=-0",
                "bytes=5-",
                "bytes=99999999999999999-",
                "bytes=99999999999999999999999-",
                "bytes=2-1",
                "bytes=-99999999999999999999",
                "bytes=--1",
                "lines=1-2",
                "bytes=0-0,1-1")) {
            HttpResponse<String> answer = send(alice, "GET", "content?path=/there", "", "Range", range);
            assertThat(answer.statusCode()).as(range + answer.body()).isIn(200, 206, 416);
        }
        assertThat(content("/there")).isEqualTo("there");
        assertThat(content("/Volumes/main/default/v/public")).isEqualTo("public");
    }

    @Test
    void whoeverIsNotTheNodeOfAPersonWhoMay() throws Exception {
        InternalTokens tokens = platform.test.environment().tokens();
        String work = NodeOnBucket.workToken(tokens, ALICE);
        Map<String, Object> claims = Map.of("svc", "node", "nid", "n", "cid", "c", "ws", 1, "uid", 7, "usr", "a");
        for (String other : List.of(
                "",
                "x.y.z",
                work,
                tokens.sign(ALICE, "workspace"),
                tokens.sign(ALICE, "workspace-files"),
                tokens.sign(ALICE.via("notebook-service"), "workspace-files"),
                tokens.sign(claims, "notebook-service", Duration.ofMinutes(1)),
                tokens.sign(claims, "workspace-files", Duration.ofSeconds(-6)),
                tokens.sign(Map.of("nid", "n", "ws", 1, "uid", 7), "workspace-files", Duration.ofMinutes(1)),
                alice.substring(0, alice.length() - 3) + "AAA")) {
            for (String call : List.of(
                    "GET status?path=/there",
                    "GET list?path=/",
                    "GET content?path=/there",
                    "PUT content?path=/theirs&mark=m",
                    "POST delete?path=/there",
                    "POST uploads?path=/theirs")) {
                int space = call.indexOf(' ');
                assertThat(send(other, call.substring(0, space), call.substring(space + 1), "x")
                                .statusCode())
                        .as(call + " " + other)
                        .isEqualTo(401);
            }
        }
        for (String other : List.of(
                alice, tokens.sign(ALICE, "node-files"), tokens.sign(claims, "workspace", Duration.ofMinutes(1)))) {
            assertThat(send(other, "POST", "token", "").statusCode()).isEqualTo(401);
        }
        for (Caller unasked : List.of(BOB, STRANGER)) {
            String token = token(unasked);
            int expected = unasked == BOB ? 403 : 404;
            for (String call : List.of(
                    "GET list?path=/Volumes/main/default/v",
                    "GET content?path=/Volumes/main/default/v/a",
                    "PUT content?path=/Volumes/main/default/v/a&mark=m",
                    "PUT content?path=/vOLUMES/MAIN/Default/V/a&mark=m",
                    "POST copy?path=/Volumes/main/default/v/a&to=/mine&mark=m",
                    "POST rename?path=/mine&to=/Volumes/main/default/v/b&mark=m",
                    "POST uploads?path=/Volumes/main/default/v/a",
                    "GET place?path=/Volumes/main/default/v/a",
                    "POST folders?path=/Volumes/main/default/v/a/b")) {
                int space = call.indexOf(' ');
                assertThat(send(token, call.substring(0, space), call.substring(space + 1), "x")
                                .statusCode())
                        .as(call)
                        .isEqualTo(expected);
            }
        }
        assertThat(send(token(STRANGER), "GET", "status?path=/there", "").statusCode())
                .isEqualTo(404);
    }

    private void refused(String token, String method, String target, String body, String what) {
        HttpResponse<String> answer = send(token, method, target, body);
        assertThat(answer.statusCode())
                .as(method + " " + target + " " + what + answer.body())
                .isIn(400, 404);
        try (Stream<Path> staged = Files.list(folder.resolve("files/.staging"))) {
            assertThat(staged.filter(file -> file.getFileName().toString().startsWith("passing-")))
                    .as(method + " " + target)
                    .isEmpty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String content(String path) {
        return send(alice, "GET", "content?path=" + path, "").body();
    }

    private String token(Caller owner) throws Exception {
        return NodeOnBucket.access(
                platform.port(),
                platform.test.environment().tokens(),
                owner,
                folder,
                folder.resolve("access-" + owner.workspaceId() + "-" + owner.userId()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HttpResponse<String> send(String token, String method, String target, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + platform.port() + FILES + target))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The status of a request whose target the JDK's client would not send. */
    private int raw(String token, String method, String target) {
        String request =
                method + " " + FILES + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n"
                        + "Authorization: Bearer " + token + "\r\n\r\n";
        try (var socket = new java.net.Socket("127.0.0.1", platform.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return Integer.parseInt(answer.split(" ")[1]);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
