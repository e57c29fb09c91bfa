package io.campanile.clusters.cost;

import static io.campanile.clusters.testing.TestManager.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.AutoScale;
import com.databricks.sdk.service.compute.ChangeClusterOwner;
import com.databricks.sdk.service.compute.ClustersAPI;
import com.databricks.sdk.service.compute.CreateCluster;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.json.Json;
import io.campanile.common.testing.KnownPrincipals;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Prices, usage and budgets over HTTP, and what the public SDK is told by a budget. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CostApiTest {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String BUDGETS = "/api/campanile/v1/budgets";
    private static final String USAGE = "/api/campanile/v1/usage";
    private static final String PRICE = "/api/campanile/v1/clusters/price";

    private TestManager manager;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        KnownPrincipals directory = new KnownPrincipals();
        for (long workspace = 1; workspace <= 9; workspace++) {
            directory
                    .with(workspace, 7, PrincipalKind.USER, "ann@example.com")
                    .with(workspace, 8, PrincipalKind.USER, "bob@example.com");
        }
        // A second costs a cent, so that something is spent while a test waits.
        manager = new TestManager(
                dataDir,
                directory,
                ClusterConfig.defaults()
                        .withWarmPool(0)
                        .withCost(new ClusterConfig.Cost(
                                "local.small -> 36, local.medium -> 72",
                                "EUR",
                                Duration.ofMinutes(10),
                                Duration.ofDays(400))));
    }

    @AfterAll
    void stop() {
        manager.close();
    }

    @Test
    void aClusterHasItsPriceBeforeThereIsOne() throws Exception {
        assertThat(ok(ann(1), "GET", USAGE + "/prices", ""))
                .isEqualTo(Json.MAPPER.readTree(
                        "{\"currency\":\"EUR\",\"prices\":{\"local.medium\":72,\"local.small\":36}}"));
        assertThat(price("local.small", "\"num_workers\":0")).isEqualTo("36 36 EUR");
        assertThat(price("local.small", "\"num_workers\":3,\"driver_node_type_id\":\"local.medium\""))
                .isEqualTo("180 180 EUR");
        assertThat(price("local.small", "\"autoscale\":{\"min_workers\":1,\"max_workers\":4}"))
                .isEqualTo("72 180 EUR");
        assertThat(ok(ann(1), "POST", PRICE, spec("local.large", "\"num_workers\":0"))
                        .toString())
                .isEqualTo("{}");
        fails(
                ann(1),
                "POST",
                PRICE,
                spec("local.huge", "\"num_workers\":0"),
                400,
                "INVALID_PARAMETER_VALUE",
                "local.huge");
        fails(bob(1), "POST", PRICE, spec("local.small", "\"num_workers\":0"), 403, "PERMISSION_DENIED", "policy");
    }

    @Test
    void usageIsReportedAndExported() throws Exception {
        ClustersAPI clusters = manager.client(ann(2)).clusters();
        String id = clusters.create(small().setClusterName("=used")).get(SOON).getClusterId();

        JsonNode byCluster = ok(ann(2), "GET", USAGE + "?group_by=cluster", "");
        assertThat(byCluster.path("usage")).hasSize(1);
        assertThat(byCluster.path("usage").path(0).path("cluster_id").asText()).isEqualTo(id);
        assertThat(byCluster.path("usage").path(0).path("node_seconds").asDouble())
                .isPositive();
        assertThat(byCluster.path("totals").path(0).path("currency").asText()).isEqualTo("EUR");
        assertThat(ok(bob(2), "GET", USAGE + "?group_by=cluster", "").path("usage"))
                .isEmpty();
        assertThat(ok(ann(3), "GET", USAGE, "").path("usage")).isEmpty();

        String csv = send(ann(2), "GET", USAGE + "/export", "").body();
        assertThat(csv).startsWith("hour,cluster_id,cluster_name,").contains(",'=used,7,ann@example.com,");
        HttpResponse<String> json = send(ann(2), "GET", USAGE + "/export?format=json&cluster_id=" + id, "");
        assertThat(json.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        assertThat(Json.MAPPER
                        .readTree(json.body().lines().findFirst().orElseThrow())
                        .path("tags")
                        .path("ClusterId")
                        .asText())
                .isEqualTo(id);
        assertThat(send(ann(3), "GET", USAGE + "/export?format=json", "").body())
                .isEmpty();
        for (String wrong : new String[] {
            "?group_by=month",
            "?group_by=tag",
            "?start_time=x",
            "?start_time=5&end_time=4",
            "?page_size=0",
            "?own=maybe"
        }) {
            fails(ann(2), "GET", USAGE + wrong, "", 400, "INVALID_PARAMETER_VALUE", "must");
        }
        fails(ann(2), "GET", USAGE + "/export?format=xml", "", 400, "INVALID_PARAMETER_VALUE", "format");
    }

    @Test
    void whatWasUsedBeforeAClusterWasGivenAwayIsItsOldOwners() throws Exception {
        ClustersAPI clusters = manager.client(ann(7)).clusters();
        String id = clusters.create(small()).get(SOON).getClusterId();
        clusters.delete(id).get(SOON);

        clusters.changeOwner(new ChangeClusterOwner().setClusterId(id).setOwnerUsername("bob@example.com"));

        JsonNode usage = ok(ann(7), "GET", USAGE + "?group_by=user", "").path("usage");
        assertThat(usage).hasSize(1);
        assertThat(usage.path(0).path("user_name").asText()).isEqualTo("ann@example.com");
        assertThat(usage.path(0).path("node_seconds").asDouble()).isPositive();
    }

    @Test
    void aBudgetIsMadeChangedAndTakenAwayByAdministrators() throws Exception {
        JsonNode made = ok(ann(4), "POST", BUDGETS, """
                {"name": "bob", "scope": "USER", "user_name": "bob@example.com", "period": "DAY", "amount": 5.5,
                 "thresholds": [{"percent": 50, "action": "NOTIFY"}, {"percent": 100, "action": "STOP"}]}""");
        String one = BUDGETS + "/" + made.path("budget_id").asText();
        assertThat(made.path("grace_minutes").asLong()).isEqualTo(15);
        assertThat(made.path("spent").decimalValue()).isZero();
        assertThat(made.has("reached")).isFalse();

        JsonNode changed = ok(ann(4), "PATCH", one, "{\"amount\": 7}");
        assertThat(changed.path("amount").asInt()).isEqualTo(7);
        assertThat(changed.path("user_name").asText()).isEqualTo("bob@example.com");
        assertThat(changed.path("thresholds")).hasSize(2);
        ok(
                ann(4),
                "POST",
                BUDGETS,
                "{\"name\": \"tagged\", \"scope\": \"TAG\", \"tag_key\": \"a\","
                        + " \"tag_value\": \"b\", \"amount\": 1}");
        assertThat(ok(ann(4), "GET", BUDGETS, "").path("budgets")).hasSize(2);
        assertThat(ok(bob(4), "GET", BUDGETS, "").path("budgets")).hasSize(1);
        assertThat(ok(ann(5), "GET", BUDGETS, "").path("budgets")).isEmpty();

        fails(ann(4), "POST", BUDGETS, "{\"name\": \"bob\", \"amount\": 1}", 400, "RESOURCE_ALREADY_EXISTS", "bob");
        fails(ann(4), "PATCH", one, "{\"name\": \"tagged\"}", 400, "RESOURCE_ALREADY_EXISTS", "tagged");
        fails(bob(4), "POST", BUDGETS, "{\"name\": \"x\", \"amount\": 1}", 403, "PERMISSION_DENIED", "");
        fails(bob(4), "PATCH", one, "{\"amount\": 100}", 403, "PERMISSION_DENIED", "");
        fails(bob(4), "DELETE", one, "", 403, "PERMISSION_DENIED", "");
        fails(bob(4), "GET", one, "", 403, "PERMISSION_DENIED", "");
        fails(ann(5), "GET", one, "", 404, "RESOURCE_DOES_NOT_EXIST", "does not exist");
        fails(ann(5), "PATCH", one, "{\"amount\": 100}", 404, "RESOURCE_DOES_NOT_EXIST", "does not exist");
        fails(ann(5), "DELETE", one, "", 404, "RESOURCE_DOES_NOT_EXIST", "does not exist");

        ok(ann(4), "DELETE", one, "");
        fails(ann(4), "GET", one, "", 404, "RESOURCE_DOES_NOT_EXIST", "does not exist");
    }

    @Test
    void whatCannotBeABudgetIsRefusedByTheNameOfItsField() throws Exception {
        invalid("{\"amount\": 1}", "name");
        invalid("{\"name\": \"\", \"amount\": 1}", "name must have");
        invalid("{\"name\": \"x\"}", "amount");
        invalid("{\"name\": \"x\", \"amount\": 0}", "amount must be more than 0");
        invalid("{\"name\": \"x\", \"amount\": 0.0000001}", "amount must");
        invalid("{\"name\": \"x\", \"amount\": 1, \"period\": \"YEAR\"}", "period must be one of DAY, MONTH");
        invalid("{\"name\": \"x\", \"amount\": 1, \"scope\": \"GROUP\"}", "scope must be one of");
        invalid("{\"name\": \"x\", \"amount\": 1, \"scope\": \"USER\"}", "user_name");
        invalid("{\"name\": \"x\", \"amount\": 1, \"scope\": \"USER\", \"user_name\": \"eve\"}", "user_name must be");
        invalid("{\"name\": \"x\", \"amount\": 1, \"user_name\": \"bob@example.com\"}", "user_name is for budgets");
        invalid("{\"name\": \"x\", \"amount\": 1, \"scope\": \"TAG\", \"tag_key\": \"a\"}", "tag_value");
        invalid("{\"name\": \"x\", \"amount\": 1, \"thresholds\": []}", "thresholds must be");
        invalid(
                "{\"name\": \"x\", \"amount\": 1, \"thresholds\": [{\"percent\": 0, \"action\": \"STOP\"}]}",
                "percent");
        invalid("{\"name\": \"x\", \"amount\": 1, \"thresholds\": [{\"percent\": 9, \"action\": \"MAIL\"}]}", "action");
        invalid("{\"name\": \"x\", \"amount\": 1, \"grace_minutes\": -1}", "grace_minutes");
    }

    @Test
    void aStartThatABudgetRefusesIsAnErrorThatNamesItAndEndsWhenItIsRaised() throws Exception {
        ClustersAPI clusters = manager.client(ann(6)).clusters();
        String budget = ok(ann(6), "POST", BUDGETS, "{\"name\": \"tight\", \"amount\": 1}")
                .path("budget_id")
                .asText();

        refused(() -> clusters.create(small()), 400, "RESOURCE_LIMIT_EXCEEDED")
                .hasMessageContaining(
                        "Budget \"tight\" (the workspace) refuses this: 0.00 EUR of 1.00 EUR are spent this"
                                + " month, and what would run then costs 36.00 EUR an hour");
        ok(ann(6), "PATCH", BUDGETS + "/" + budget, "{\"amount\": 20}");
        String id = clusters.create(small()).get(SOON).getClusterId();
        refused(
                        () -> clusters.edit(new com.databricks.sdk.service.compute.EditCluster()
                                .setClusterId(id)
                                .setClusterName("scaled")
                                .setSparkVersion("4.0.x-scala2.13")
                                .setNodeTypeId("local.small")
                                .setAutoscale(new AutoScale().setMinWorkers(3L).setMaxWorkers(4L))),
                        400,
                        "RESOURCE_LIMIT_EXCEEDED")
                .hasMessageContaining("costs 144.00 EUR an hour");

        assertThat(ok(bob(6), "GET", BUDGETS + "/notices", "").path("notices")).isEmpty();
        assertThat(clusters.get(id).getClusterName()).isEqualTo("small");
    }

    private static Caller ann(long workspaceId) {
        return new Caller(workspaceId, 7, "ann@example.com", true, null, "request-1");
    }

    private static Caller bob(long workspaceId) {
        return new Caller(workspaceId, 8, "bob@example.com", false, null, "request-1");
    }

    private static CreateCluster small() {
        return new CreateCluster()
                .setClusterName("small")
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small")
                .setNumWorkers(0L);
    }

    private static String spec(String nodeType, String rest) {
        return "{\"cluster_name\":\"c\",\"spark_version\":\"4.0.x-scala2.13\",\"node_type_id\":\"" + nodeType + "\","
                + rest + "}";
    }

    private String price(String nodeType, String rest) throws Exception {
        JsonNode answer = ok(ann(1), "POST", PRICE, spec(nodeType, rest));
        JsonNode price = answer.path("price_per_hour");
        return price.path("min").asText() + " " + price.path("max").asText() + " "
                + answer.path("currency").asText();
    }

    private void invalid(String body, String message) throws Exception {
        fails(ann(4), "POST", BUDGETS, body, 400, "INVALID_PARAMETER_VALUE", message);
    }

    private void fails(
            Caller caller, String method, String target, String body, int status, String code, String message)
            throws Exception {
        HttpResponse<String> answer = send(caller, method, target, body);
        JsonNode error = Json.MAPPER.readTree(answer.body());
        assertThat(answer.statusCode() + " " + error.path("error_code").asText())
                .as(method + " " + target + " " + body + ": " + answer.body())
                .isEqualTo(status + " " + code);
        assertThat(error.path("message").asText()).contains(message);
    }

    private JsonNode ok(Caller caller, String method, String target, String body) throws Exception {
        HttpResponse<String> answer = send(caller, method, target, body);
        assertThat(answer.statusCode()).as(target + " " + answer.body()).isEqualTo(200);
        return Json.MAPPER.readTree(answer.body());
    }

    private HttpResponse<String> send(Caller caller, String method, String target, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(manager.url() + target))
                        .header("Authorization", manager.environment().bearer(caller, "cluster-manager"))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
