package io.campanile.identity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.AuditWalk;
import io.campanile.common.testing.TestEnvironment;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The audit log of four services as an administrator reads it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuditApiTest {
    private static final String AUDIT = "/api/campanile/v1/audit";
    private static final String PERSON = "person@example.com";
    private static final String PASSWORD = "a long password of a person";
    private static final Caller ADMIN = new Caller(1, 7, "admin@example.com", true, null, "request-1");
    private static final Caller USER = new Caller(1, 8, "user@example.com", false, null, "request-1");
    private static final Caller ELSEWHERE = new Caller(2, 9, "admin@elsewhere.example.com", true, null, "request-1");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Database> logs = new LinkedHashMap<>();
    private final List<ServiceHttp> others = new ArrayList<>();
    private TestEnvironment test;
    private IdentityServer identity;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        identity = IdentityServer.start(test.environment())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        logs.put("identity", Database.open(test.environment().database(), "identity", "identity"));
        for (String name : List.of("workspace", "cluster-manager", "notebook-service")) {
            // The part of every service that keeps and shows its log, in a schema of its own.
            Database database = Database.open(test.environment().database(), name.replace('-', '_'), "identity");
            ServiceHttp other = new ServiceHttp(name, test.environment(), 1 << 20, () -> true);
            other.audit(database);
            other.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            test.announce(name, other.port());
            others.add(other);
            logs.put(name, database);
        }
    }

    @AfterAll
    void stop() {
        identity.close();
        others.forEach(ServiceHttp::close);
        logs.values().forEach(Database::close);
        test.close();
    }

    @Test
    void theLogsOfAllServicesAreOneAndPagesMissAndRepeatNothing() throws Exception {
        Caller caller = new Caller(1, 20, "pages@example.com", false, null, "request-1").doing("things.change");
        List<String> written = new ArrayList<>();
        List<String> services = List.copyOf(logs.keySet());
        for (int i = 0; i < 57; i++) {
            String service = services.get(i * 7 % services.size());
            record(service, caller, "thing/" + i);
            written.add(0, service + " thing/" + i);
        }
        record("workspace", new Caller(2, 20, "pages@example.com", true, null, "r").doing("things.change"), "thing/x");

        List<String> read = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = ok(ADMIN, AUDIT + "?user=20&page_size=10&page_token=" + encoded(token));
            assertThat(page.path("events").size()).isLessThanOrEqualTo(10);
            page.path("events")
                    .forEach(event -> read.add(event.path("service").asText() + " "
                            + event.path("resource").asText()));
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());

        assertThat(read).containsExactlyElementsOf(written);
        HttpResponse<String> export = call(ADMIN, AUDIT + "/export?user=pages@example.com");
        assertThat(export.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(export.body()
                        .lines()
                        .map(line -> Json.read(line, JsonNode.class))
                        .map(event -> event.path("service").asText() + " "
                                + event.path("resource").asText()))
                .containsExactlyElementsOf(written);
    }

    @Test
    void rowsAreFoundByWhoWhatAndWhen() throws Exception {
        Caller caller = new Caller(1, 30, "filters@example.com", false, "gateway", "request-7");
        record("workspace", caller.doing("objects.move"), "directory/1");
        record("cluster-manager", caller.doing("clusters.create"), "cluster/c-1");
        Audit.denied(log("workspace").context(), caller.doing("objects.trash"), "POST /x", "No");
        JsonNode all = ok(ADMIN, AUDIT + "?user=30").path("events");
        long first = all.path(2).path("at").asLong();

        assertThat(resources("user=30&action=objects.")).containsExactly("POST /x", "directory/1");
        assertThat(resources("user=30&outcome=DENIED")).containsExactly("POST /x");
        assertThat(resources("user=30&resource=cluster/c-1")).containsExactly("cluster/c-1");
        assertThat(resources("user=30&from=" + first)).hasSize(3);
        assertThat(resources("user=30&to=" + first)).isEmpty();
        JsonNode denied = all.path(0);
        assertThat(denied.path("details").path("reason").asText()).isEqualTo("No");
        assertThat(denied.path("via").asText()).isEqualTo("gateway");
        assertThat(denied.path("request_id").asText()).isEqualTo("request-7");
        for (String wrong : List.of("outcome=MAYBE", "page_size=0", "page_size=501", "page_token=x", "from=soon")) {
            HttpResponse<String> refused = call(ADMIN, AUDIT + "?" + wrong);
            assertThat(refused.statusCode()).as(wrong).isEqualTo(400);
            assertThat(refused.body()).contains(wrong.substring(0, wrong.indexOf('=')));
        }
    }

    @Test
    void onlyAdministratorsReadItAndOnlyOfTheirWorkspace() throws Exception {
        Caller caller = new Caller(1, 40, "tenant@example.com", false, null, "request-1").doing("things.change");
        record("workspace", caller, "thing/ours");

        assertThat(call(USER, AUDIT).statusCode()).isEqualTo(403);
        assertThat(call(USER, AUDIT + "/export").statusCode()).isEqualTo(403);
        assertThat(ok(ELSEWHERE, AUDIT + "?user=40").path("events")).isEmpty();
        assertThat(call(ELSEWHERE, AUDIT + "/export?user=40").body()).isEmpty();
        assertThat(resources("user=40")).containsExactly("thing/ours");
        // Her refusals are in the log themselves.
        assertThat(resources("user=8&outcome=DENIED")).containsExactly("GET " + AUDIT + "/export", "GET " + AUDIT);
    }

    @Test
    void tokensAndTheirEndsAreRecordedWithoutTheSecret() throws Exception {
        Caller caller = person(new AuditWalk(test, "identity", identity.port()));
        JsonNode created = Json.read(
                send(caller, "POST", "/api/2.0/token/create", "{\"comment\":\"ci\"}")
                        .body(),
                JsonNode.class);
        String id = created.path("token_info").path("token_id").asText();
        send(caller, "POST", "/api/2.0/token/delete", "{\"token_id\":\"" + id + "\"}");
        assertThat(send(caller, "POST", "/api/2.0/token/delete", "{\"token_id\":\"" + id + "\"}")
                        .statusCode())
                .isEqualTo(404);

        JsonNode events = ok(caller, AUDIT + "?resource=token/" + id).path("events");

        assertThat(events.findValuesAsText("action")).containsExactly("identity.token.delete", "identity.token.create");
        assertThat(events.toString()).doesNotContain(created.path("token_value").asText());
    }

    @Test
    void noStatementChangesWhatWasWritten() {
        record("workspace", USER.doing("things.change"), "thing/kept");
        for (String statement : List.of(
                "update audit_event set action = 'x' where workspace_id = 1",
                "delete from audit_event where workspace_id = 1",
                "truncate audit_event")) {
            assertThatThrownBy(() -> log("workspace").acrossWorkspaces("a test").execute(statement))
                    .as(statement)
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("append-only");
        }
    }

    /** Somebody who is there, an administrator of a workspace that is there. */
    private static Caller person(AuditWalk walk) {
        JsonNode person = walk.ok(
                Caller.service("launcher", 0, "request-1"),
                "POST",
                "/internal/bootstrap",
                "{\"user\":\"" + PERSON + "\",\"password\":\"" + PASSWORD + "\"}");
        return new Caller(
                person.path("workspace_id").asLong(), person.path("user_id").asLong(), PERSON, true, null, "request-1");
    }

    private Database log(String service) {
        return requireNonNull(logs.get(service), service);
    }

    private void record(String service, Caller caller, String resource) {
        log(service).transact(tx -> Audit.record(tx, caller, resource, Map.of()));
    }

    private List<String> resources(String filter) throws Exception {
        return ok(ADMIN, AUDIT + "?" + filter).path("events").findValuesAsText("resource");
    }

    private JsonNode ok(Caller caller, String path) throws Exception {
        HttpResponse<String> answer = call(caller, path);
        assertThat(List.of(answer.statusCode(), answer.body())).startsWith(200);
        return Json.read(answer.body(), JsonNode.class);
    }

    private HttpResponse<String> call(Caller caller, String path) throws Exception {
        return send(caller, "GET", path, "");
    }

    private HttpResponse<String> send(Caller caller, String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + identity.port() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("Authorization", test.bearer(caller, "identity"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
