package io.campanile.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Requires;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.TestEnvironment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EndpointsTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");

    @TempDir
    Path dataDir;

    private TestEnvironment test;
    private ServiceHttp http;

    record Create(String scope, Integer size, Color color, List<String> names, Map<String, String> tags) {
        Create {
            ApiException.require(scope, "scope");
        }
    }

    enum Color {
        RED,
        GREEN
    }

    @BeforeEach
    void start() throws Exception {
        test = new TestEnvironment(dataDir);
        http = new ServiceHttp("sample", test.environment(), 1024, () -> true);
        http.endpoints()
                .post("/api/2.0/things", Requires.user("things.create", "thing"), Create.class, (caller, body) -> {
                    if (body.scope().equals("bug")) {
                        throw new IllegalStateException("a secret of the inside");
                    }
                    return Map.of("by", caller.userName());
                });
        http.endpoints()
                .get("/internal/things", Requires.service("things.read", "thing"), (caller, context) -> Map.of());
        http.endpoints().get("/api/2.0/admin", Requires.admin("things.admin", "thing"), (caller, context) -> Map.of());
        http.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() {
        http.close();
        test.close();
    }

    @Test
    void aCallWithoutATokenIsRefusedAndOneWithATokenRuns() throws Exception {
        assertThat(post("{\"scope\":\"a\"}", null).statusCode()).isEqualTo(401);
        assertThat(post("{\"scope\":\"a\"}", "Bearer nonsense").body()).contains("UNAUTHENTICATED");

        HttpResponse<String> answer = post("{\"scope\":\"a\"}", test.bearer(ALICE, "sample"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"by\":\"alice@example.com\"}");
        assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    }

    @Test
    void aTokenForAnotherServiceIsNoCredentialHere() throws Exception {
        assertThat(post("{\"scope\":\"a\"}", test.bearer(ALICE, "another")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void badInputNamesTheField() throws Exception {
        String token = test.bearer(ALICE, "sample");

        assertThat(post("{}", token).body()).contains("Missing required field: scope");
        assertThat(post("{\"scope\":\"a\",\"size\":\"big\"}", token).body()).contains("Field size");
        assertThat(post("nonsense", token).body()).contains("MALFORMED_REQUEST");
        assertThat(post("{\"scope\":\"" + "x".repeat(2000) + "\"}", token).statusCode())
                .isEqualTo(413);
    }

    @Test
    void whatIsOfAnotherKindIsNotGuessedAt() throws Exception {
        String token = test.bearer(ALICE, "sample");

        for (String wrong : List.of(
                "\"names\":[null]",
                "\"names\":[\"a\",null]",
                "\"tags\":{\"a\":null}",
                "\"color\":0",
                "\"size\":1.5",
                "\"size\":1e400")) {
            HttpResponse<String> answer = post("{\"scope\":\"a\"," + wrong + "}", token);

            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(answer.body())
                    .as(wrong)
                    .contains("INVALID_PARAMETER_VALUE", "Field " + wrong.substring(1, wrong.indexOf('"', 1)));
        }
        assertThat(post("{\"scope\":\"a\",\"names\":null,\"color\":\"GREEN\",\"size\":\"3\"}", token)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aNulInATextIsRefusedByTheNameOfItsField() throws Exception {
        String token = test.bearer(ALICE, "sample");

        HttpResponse<String> direct = post("{\"scope\":\"a\\u0000b\"}", token);
        HttpResponse<String> nested = post("{\"scope\":\"a\",\"more\":[{\"x\":\"\\u0000\"}]}", token);

        assertThat(direct.statusCode()).isEqualTo(400);
        assertThat(direct.body()).contains("INVALID_PARAMETER_VALUE", "Field scope has a NUL character");
        assertThat(nested.body()).contains("Field more[0].x has a NUL character");
        assertThat(post("{\"scope\":\"the text \\\\u0000\"}", token).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBodyIsReadAsItCameWhateverItsContentType() throws Exception {
        for (String type : new String[] {
            "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "Multipart/Mixed", "text/plain"
        }) {
            HttpResponse<String> posted = send(
                    HttpRequest.newBuilder(uri("/api/2.0/things"))
                            .header("Content-Type", type)
                            .POST(HttpRequest.BodyPublishers.ofString("{\"scope\":\"a\"}")),
                    test.bearer(ALICE, "sample"));
            HttpResponse<String> got = send(
                    HttpRequest.newBuilder(uri("/api/2.0/nothing"))
                            .header("Content-Type", type)
                            .method("GET", HttpRequest.BodyPublishers.ofString("{}")),
                    test.bearer(ALICE, "sample"));

            assertThat(posted.body()).as(type).isEqualTo("{\"by\":\"alice@example.com\"}");
            assertThat(got.statusCode()).as(type).isEqualTo(404);
        }
    }

    @Test
    void whatTheGatewayLetsThroughIsNotTooLongHere() throws Exception {
        HttpResponse<String> answer = send(
                HttpRequest.newBuilder(uri("/api/2.0/nothing?q=" + "x".repeat(15 * 1024)))
                        .header("X-Long", "y".repeat(30 * 1024)),
                test.bearer(ALICE, "sample"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("ENDPOINT_NOT_FOUND");
    }

    @Test
    void aBugAnswersWithoutInternals() throws Exception {
        HttpResponse<String> answer = post("{\"scope\":\"bug\"}", test.bearer(ALICE, "sample"));

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("INTERNAL_ERROR").doesNotContain("secret of the inside");
    }

    @Test
    void usersMayNotCallInternalOrAdministrativeRoutes() throws Exception {
        assertThat(get("/internal/things", test.bearer(ALICE, "sample")).statusCode())
                .isEqualTo(403);
        assertThat(get("/api/2.0/admin", test.bearer(ALICE, "sample")).statusCode())
                .isEqualTo(403);
        assertThat(get("/internal/things", test.bearer(ALICE.via("jobs"), "sample"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatIsNotBuiltIsNotFoundInTheCommonShape() throws Exception {
        HttpResponse<String> answer = get("/api/2.0/nothing", test.bearer(ALICE, "sample"));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("ENDPOINT_NOT_FOUND", "\"details\":[]");
        assertThat(get("/api/2.0/nothing", null).statusCode()).isEqualTo(401);
        assertThat(get("/", null).statusCode()).isEqualTo(401);
        assertThat(get("/health/live", null).statusCode()).isEqualTo(200);
        assertThat(get("/metrics", null).statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> post(String body, String token) throws Exception {
        return send(
                HttpRequest.newBuilder(uri("/api/2.0/things")).POST(HttpRequest.BodyPublishers.ofString(body)), token);
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)), token);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, String token) throws Exception {
        if (token != null) {
            request.header("Authorization", token);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + http.port() + path);
    }
}
