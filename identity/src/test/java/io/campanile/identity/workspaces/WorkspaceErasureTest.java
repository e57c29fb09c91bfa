package io.campanile.identity.workspaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Account;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.db.Database;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.campanile.common.service.ServiceHttp;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TenantTables;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.identity.IdentityServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a deleted workspace's data: kept for its time, then erased in every service, then forgotten here. */
final class WorkspaceErasureTest {
    private static final String ALL = "/api/2.0/accounts/" + Account.ID + "/workspaces";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<String> KEPT = Set.of("workspace", "workspace_closing", "audit_event");

    private final SettableClock clock = new SettableClock();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<ServiceHttp> others = new ArrayList<>();
    /** Services that were told to erase, in order; each has more than it can erase at once. */
    private final List<String> told = new CopyOnWriteArrayList<>();

    private TestEnvironment test;
    private IdentityServer identity;
    private Database database;
    private Caller admin;

    @BeforeEach
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir, clock);
        for (String name : List.of("workspace", "cluster-manager", "notebook-service")) {
            ServiceHttp other = new ServiceHttp(name, test.environment(), 10_000, () -> true);
            other.endpoints()
                    .post(
                            "/internal/clusters/close-workspace",
                            Requires.service("clusters.close", "cluster"),
                            Map.class,
                            (caller, body) -> Map.of("active", 0));
            other.endpoints()
                    .post(
                            "/internal/workspaces/erase",
                            Requires.service("workspaces.erase", "workspace"),
                            Map.class,
                            (caller, body) -> {
                                told.add(name + " " + caller.workspaceId());
                                long times = told.stream()
                                        .filter(one -> one.startsWith(name))
                                        .count();
                                return Map.of("rows", 10, "done", times > 1);
                            });
            other.listen().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
            test.announce(name, other.port());
            others.add(other);
        }
        identity = IdentityServer.start(test.environment())
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        test.announce("identity", identity.port());
        database = Database.open(test.environment().database(), "identity", "identity");
        JsonNode first = internal("/internal/bootstrap", Map.of("user", "admin@example.com"));
        admin = new Caller(
                first.path("workspace_id").asLong(),
                first.path("user_id").asLong(),
                "admin@example.com",
                new Rights(true, true, Set.of(), Set.of()),
                null,
                "",
                "request-1");
    }

    @AfterEach
    void stop() {
        database.close();
        identity.close();
        others.forEach(ServiceHttp::close);
        test.close();
    }

    @Test
    void aDeletedWorkspaceIsKeptForItsTimeAndThenErasedEverywhere() throws Exception {
        long doomed = send("POST", ALL, "{\"workspace_name\":\"Doomed\",\"deployment_name\":\"doomed\"}")
                .path("workspace_id")
                .asLong();
        long nobody = internal("/internal/users", Map.of("workspace_id", doomed, "user", "only@example.com"))
                .path("user_id")
                .asLong();
        Map<String, Long> ours = rows(admin.workspaceId());
        send("DELETE", ALL + "/" + doomed, "");
        clock.advance(Duration.ofSeconds(11));
        await().atMost(PATIENCE)
                .until(() -> count("workspace_closing", "next_attempt_at > closed_at + interval '29 days'") == 1);

        assertThat(told).isEmpty();
        assertThat(rows(doomed)).containsKeys("account", "access_token", "user_group", "group_member", "entitlement");
        assertThat(count("person", "user_id = " + nobody)).isEqualTo(1);

        clock.advance(Duration.ofDays(30));
        await().atMost(PATIENCE).until(() -> {
            // The next round is due in a while, and the clock moves only here.
            clock.advance(Duration.ofSeconds(3));
            return count("workspace_closing", "true") == 0;
        });

        assertThat(rows(doomed).keySet()).isSubsetOf(KEPT).contains("workspace");
        assertThat(rows(admin.workspaceId())).containsAllEntriesOf(ours);
        assertThat(count("person", "user_id = " + nobody)).isZero();
        assertThat(count("person", "user_id = " + admin.userId())).isEqualTo(1);
        assertThat(told)
                .containsExactly(
                        "workspace " + doomed,
                        "workspace " + doomed,
                        "cluster-manager " + doomed,
                        "workspace " + doomed,
                        "cluster-manager " + doomed,
                        "notebook-service " + doomed,
                        "workspace " + doomed,
                        "cluster-manager " + doomed,
                        "notebook-service " + doomed);
    }

    /** How many rows each table has of a workspace; those that have none are left out. */
    private Map<String, Long> rows(long workspaceId) {
        Map<String, Long> rows = new TreeMap<>();
        for (String table : new TenantTables(database, "identity").fenced()) {
            long some = count(table, "workspace_id = " + workspaceId);
            if (some > 0 && !table.equals("audit_event")) {
                rows.put(table, some);
            }
        }
        return rows;
    }

    private long count(String table, String condition) {
        return (Long)
                database.acrossWorkspaces("a test").fetchValue("select count(*) from " + table + " where " + condition);
    }

    private JsonNode internal(String path, Map<String, ?> body) {
        return test.environment()
                .client("identity")
                .post(Caller.service("launcher", 0, "request-1"), path, body, JsonNode.class);
    }

    private JsonNode send(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + identity.port() + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("Authorization", test.bearer(admin, "identity"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.read(answer.body(), JsonNode.class);
    }
}
