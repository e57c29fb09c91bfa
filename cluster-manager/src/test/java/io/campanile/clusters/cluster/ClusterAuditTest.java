package io.campanile.clusters.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.ClusterServer;
import io.campanile.clusters.testing.FakeAgent;
import io.campanile.clusters.testing.FakeProvider;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.testing.AuditWalk;
import io.campanile.common.testing.AuditWalk.Call;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.OtherTenant;
import io.campanile.common.testing.TestEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route that changes something writes one row of the audit log. */
final class ClusterAuditTest {
    private static final Caller ADMIN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller IDENTITY = Caller.service("identity", 1, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    private static final String SPEC = "\"cluster_name\":\"audited\",\"spark_version\":\"4.0.x-scala2.13\","
            + "\"node_type_id\":\"local.small\",\"num_workers\":0}";
    private static final String GRANT =
            "{\"access_control_list\":[{\"user_name\":\"bob@example.com\",\"permission_level\":\"CAN_RESTART\"}]}";

    @Test
    void everyRouteThatChangesSomethingWritesOneRowAndNothingIsLeftAfterErasure(@TempDir Path dataDir)
            throws Exception {
        TestEnvironment test = new TestEnvironment(dataDir);
        FakeProvider provider = new FakeProvider();
        // The walk leaves a cluster running after most of its calls.
        var source = new ClusterServer.NodeSource(provider, () -> 1_000_000);
        ClusterServer server = ClusterServer.start(
                        test.environment(),
                        ClusterConfig.defaults().withWarmPool(0),
                        source,
                        new KnownPrincipals().with(1, 8, PrincipalKind.USER, "bob@example.com"))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        provider.onCreate(
                request -> new FakeAgent(test.environment().vertx(), provider, request).connect(server.port()));
        try (OtherTenant other = resting(test)) {
            AuditWalk walk = new AuditWalk(test, "cluster-manager", server.port())
                    .stranger(BOB)
                    .beside(other);
            for (String version : new String[] {"2.0", "2.1"}) {
                clusters(walk, "/api/" + version + "/clusters");
            }
            policies(walk);
            walk.without("POST /api/campanile/v1/policies/try", "keeps nothing, though it is a POST");
            String libraries = "/api/2.0/libraries/";
            for (String change : new String[] {"install", "uninstall"}) {
                walk.calls(
                        "POST " + libraries + change,
                        ADMIN,
                        () -> new Call(
                                libraries + change,
                                "{\"cluster_id\":\"" + running(walk)
                                        + "\",\"libraries\":[{\"jar\":\"dbfs:/a.jar\"}]}"));
            }
            pools(walk);
            String own = "/api/campanile/v1/clusters/default";
            walk.calls("POST " + own, ADMIN, () -> new Call(own, "{}"));
            String settings = "/api/campanile/v1/clusters/settings";
            walk.calls("PATCH " + settings, ADMIN, () -> new Call(settings, "{\"max_lifetime_minutes\":1440}"));
            budgets(walk);
            String permissions = "/api/2.0/permissions/clusters/";
            for (String method : new String[] {"PUT", "PATCH"}) {
                walk.calls(
                        method + " " + permissions + ":id", ADMIN, () -> new Call(permissions + running(walk), GRANT));
            }

            assertThat(walk.problems()).isEmpty();
            assertThat(other.seen())
                    .contains(
                            "audit_event",
                            "budget",
                            "cluster",
                            "cluster_event",
                            "cluster_library",
                            "cluster_policy",
                            "instance_pool",
                            "node",
                            "object_acl");

            String id = running(walk);
            assertThat(walk.problemsOfReading(
                            ADMIN,
                            other,
                            permissions + id,
                            "/api/2.1/clusters/list-node-types",
                            "/api/2.0/policies/clusters/list",
                            "/api/campanile/v1/budgets",
                            "/api/campanile/v1/budgets/notices",
                            "/api/2.0/instance-pools/list",
                            "/api/2.0/instance-pools/get?instance_pool_id=" + pool(walk),
                            "/api/2.0/permissions/instance-pools/" + pool(walk),
                            "/api/2.0/permissions/cluster-policies/" + policy(walk)))
                    .isEmpty();

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> walk.ok(IDENTITY, "POST", "/internal/clusters/close-workspace", "{\"workspace_id\":1}")
                                    .path("active")
                                    .asInt()
                            == 0);
            assertThat(walk.problemsOfErasure(IDENTITY, other)).isEmpty();
        } finally {
            server.close();
            test.close();
        }
    }

    /** The other workspace's clusters are at rest: the reconciler works for all workspaces, and would start them. */
    private static OtherTenant resting(TestEnvironment test) {
        return new OtherTenant(test.environment().database(), "cluster_manager", 1, 77, "closed_workspace")
                // The reconciler goes on with what calls have begun, and forgets the grants of what is deleted.
                .restless("acl_change", "cluster", "cluster_event", "node")
                .adjust("update cluster set state = 'TERMINATED', desired = 'TERMINATED' where workspace_id = 77")
                .adjust("update node set state = 'GONE', gone_at = requested_at, usage_until = requested_at"
                        + " where workspace_id = 77");
    }

    private static void clusters(AuditWalk walk, String base) {
        walk.calls("POST " + base + "/create", ADMIN, () -> new Call(base + "/create", "{" + SPEC));
        walk.calls(
                "POST " + base + "/edit",
                ADMIN,
                () -> new Call(base + "/edit", "{\"cluster_id\":\"" + running(walk) + "\"," + SPEC));
        walk.calls(
                "POST " + base + "/resize",
                ADMIN,
                () -> new Call(base + "/resize", "{\"cluster_id\":\"" + running(walk) + "\",\"num_workers\":0}"));
        for (String action : new String[] {"restart", "delete", "permanent-delete"}) {
            walk.calls(
                    "POST " + base + "/" + action,
                    ADMIN,
                    () -> new Call(base + "/" + action, "{\"cluster_id\":\"" + running(walk) + "\"}"));
        }
        walk.calls("POST " + base + "/start", ADMIN, () -> {
            String body = "{\"cluster_id\":\"" + running(walk) + "\"}";
            walk.ok(ADMIN, "POST", "/api/2.1/clusters/delete", body);
            awaitState(walk, body, "TERMINATED");
            return new Call(base + "/start", body);
        });
        walk.calls(
                "POST " + base + "/update",
                ADMIN,
                () -> new Call(
                        base + "/update",
                        "{\"cluster_id\":\"" + running(walk)
                                + "\",\"update_mask\":\"cluster_name\",\"cluster\":{\"cluster_name\":\"other\"}}"));
        walk.calls(
                "POST " + base + "/pin",
                ADMIN,
                () -> new Call(base + "/pin", "{\"cluster_id\":\"" + running(walk) + "\"}"));
        walk.calls("POST " + base + "/unpin", ADMIN, () -> {
            String body = "{\"cluster_id\":\"" + running(walk) + "\"}";
            walk.ok(ADMIN, "POST", base + "/pin", body);
            return new Call(base + "/unpin", body);
        });
        walk.calls("POST " + base + "/change-owner", ADMIN, () -> {
            String body = "{\"cluster_id\":\"" + running(walk) + "\"}";
            walk.ok(ADMIN, "POST", "/api/2.1/clusters/delete", body);
            awaitState(walk, body, "TERMINATED");
            return new Call(base + "/change-owner", body.replace("}", ",\"owner_username\":\"bob@example.com\"}"));
        });
        walk.without("POST " + base + "/events", "reads, though it is a POST");
    }

    private static void policies(AuditWalk walk) {
        String base = "/api/2.0/policies/clusters/";
        walk.calls("POST " + base + "create", ADMIN, () -> new Call(base + "create", newPolicy()));
        walk.calls(
                "POST " + base + "edit",
                ADMIN,
                () -> new Call(base + "edit", "{\"policy_id\":\"" + policy(walk) + "\",\"definition\":\"{}\"}"));
        walk.calls(
                "POST " + base + "delete",
                ADMIN,
                () -> new Call(base + "delete", "{\"policy_id\":\"" + policy(walk) + "\"}"));
        String permissions = "/api/2.0/permissions/cluster-policies/";
        for (String method : new String[] {"PUT", "PATCH"}) {
            walk.calls(
                    method + " " + permissions + ":id",
                    ADMIN,
                    () -> new Call(permissions + policy(walk), GRANT.replace("CAN_RESTART", "CAN_USE")));
        }
    }

    private static void budgets(AuditWalk walk) {
        String base = "/api/campanile/v1/budgets";
        walk.calls("POST " + base, ADMIN, () -> new Call(base, newBudget()));
        walk.calls("PATCH " + base + "/:budget_id", ADMIN, () -> new Call(base + "/" + budget(walk), "{\"amount\":5}"));
        walk.calls("DELETE " + base + "/:budget_id", ADMIN, () -> new Call(base + "/" + budget(walk), ""));
        walk.without("POST /api/campanile/v1/clusters/price", "reads, though it is a POST");
    }

    private static String budget(AuditWalk walk) {
        return walk.ok(ADMIN, "POST", "/api/campanile/v1/budgets", newBudget())
                .path("budget_id")
                .asText();
    }

    private static String newBudget() {
        return "{\"name\":\"" + UUID.randomUUID() + "\",\"amount\":1000}";
    }

    private static void pools(AuditWalk walk) {
        String base = "/api/2.0/instance-pools/";
        walk.calls("POST " + base + "create", ADMIN, () -> new Call(base + "create", newPool()));
        walk.calls(
                "POST " + base + "edit",
                ADMIN,
                () -> new Call(
                        base + "edit",
                        "{\"instance_pool_id\":\"" + pool(walk) + "\",\"instance_pool_name\":\"" + UUID.randomUUID()
                                + "\"}"));
        walk.calls(
                "POST " + base + "delete",
                ADMIN,
                () -> new Call(base + "delete", "{\"instance_pool_id\":\"" + pool(walk) + "\"}"));
        String permissions = "/api/2.0/permissions/instance-pools/";
        for (String method : new String[] {"PUT", "PATCH"}) {
            walk.calls(
                    method + " " + permissions + ":id",
                    ADMIN,
                    () -> new Call(permissions + pool(walk), GRANT.replace("CAN_RESTART", "CAN_ATTACH_TO")));
        }
    }

    private static String pool(AuditWalk walk) {
        return walk.ok(ADMIN, "POST", "/api/2.0/instance-pools/create", newPool())
                .path("instance_pool_id")
                .asText();
    }

    private static String newPool() {
        return "{\"instance_pool_name\":\"" + UUID.randomUUID() + "\",\"node_type_id\":\"local.small\"}";
    }

    private static String policy(AuditWalk walk) {
        return walk.ok(ADMIN, "POST", "/api/2.0/policies/clusters/create", newPolicy())
                .path("policy_id")
                .asText();
    }

    private static String newPolicy() {
        return "{\"name\":\"" + UUID.randomUUID() + "\",\"definition\":\"{}\"}";
    }

    private static String running(AuditWalk walk) {
        String id = walk.ok(ADMIN, "POST", "/api/2.1/clusters/create", "{" + SPEC)
                .path("cluster_id")
                .asText();
        awaitState(walk, "{\"cluster_id\":\"" + id + "\"}", "RUNNING");
        return id;
    }

    private static void awaitState(AuditWalk walk, String body, String state) {
        String id = body.split("\"")[3];
        await().atMost(Duration.ofSeconds(30))
                .until(() -> walk.ok(ADMIN, "GET", "/api/2.1/clusters/get?cluster_id=" + id, "")
                        .path("state")
                        .asText()
                        .equals(state));
    }
}
