package io.campanile.clusters.cluster;

import static io.campanile.clusters.cluster.ClusterPlatform.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The calls of Terraform's {@code databricks_cluster} in their order; after each the plan is empty. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TerraformClusterTest {
    private static final String BASE = "/api/2.1/clusters/";

    private ClusterPlatform platform;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        platform = new ClusterPlatform(dataDir);
    }

    @AfterAll
    void stop() {
        platform.close();
    }

    @Test
    void whatIsReadIsWhatWasSetThroughTheWholeLife() throws Exception {
        ObjectNode planned = (ObjectNode) Json.MAPPER.readTree("""
                {"cluster_name": "by terraform", "spark_version": "4.0.x-scala2.13", "node_type_id": "local.small",
                 "driver_node_type_id": "local.small", "num_workers": 0, "autotermination_minutes": 20,
                 "enable_elastic_disk": false, "enable_local_disk_encryption": false,
                 "data_security_mode": "SINGLE_USER", "single_user_name": "ann@example.com",
                 "runtime_engine": "STANDARD",
                 "aws_attributes": {"availability": "ON_DEMAND", "zone_id": "auto", "first_on_demand": 1},
                 "spark_conf": {"spark.databricks.cluster.profile": "singleNode", "spark.master": "local[*]"},
                 "spark_env_vars": {"STAGE": "test"},
                 "custom_tags": {"ResourceClass": "SingleNode", "team": "blue"}}""");

        String id = call("create", planned).path("cluster_id").asText();
        awaitState(id, "RUNNING");
        assertThat(drift(planned, get(id))).isEmpty();
        assertThat(pinned(id)).isFalse();
        call("pin", named(id));
        assertThat(pinned(id)).isTrue();
        planned.put("autotermination_minutes", 30);
        planned.remove("spark_env_vars");
        planned.set("custom_tags", Json.MAPPER.createObjectNode().put("team", "red"));
        call("edit", planned.deepCopy().put("cluster_id", id));
        awaitState(id, "RUNNING");
        assertThat(drift(planned, get(id))).isEmpty();
        assertThat(get(id).path("spark_env_vars")).isEmpty();
        // The provider ends a cluster that its configuration wants ended, and starts it again.
        call("delete", named(id));
        awaitState(id, "TERMINATED");
        assertThat(drift(planned, get(id))).isEmpty();
        call("start", named(id));
        awaitState(id, "RUNNING");
        assertThat(drift(planned, get(id))).isEmpty();
        call("unpin", named(id));
        assertThat(pinned(id)).isFalse();

        // A pinned cluster is unpinned first, then deleted for good; a read then says that it does not exist.
        call("permanent-delete", named(id));
        JsonNode gone = platform.raw(admin(1), "GET", BASE + "get?cluster_id=" + id, "");
        assertThat(gone.path("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
        assertThat(gone.path("message").asText()).isEqualTo("Cluster " + id + " does not exist");
    }

    @Test
    void whatItsDataSourcesReadIsThere() throws Exception {
        assertThat(platform.raw(admin(2), "GET", BASE + "list-zones", "")
                        .path("default_zone")
                        .asText())
                .isEqualTo("local");
        assertThat(platform.raw(admin(2), "GET", BASE + "list-node-types", "").path("node_types"))
                .hasSize(3);
        assertThat(platform.raw(admin(2), "GET", BASE + "spark-versions", "").path("versions"))
                .isNotEmpty();
        assertThat(platform.raw(admin(2), "GET", BASE + "list", "").path("clusters"))
                .isEmpty();
    }

    /** As the provider asks: whether the last of these events is the one of a pin. */
    private boolean pinned(String id) throws Exception {
        JsonNode events = call("events", (ObjectNode) Json.MAPPER.readTree("""
                {"cluster_id": "%s", "order": "DESC", "limit": 1, "event_types": ["PINNED", "UNPINNED"]}""".formatted(id)));
        return events.path("events").path(0).path("type").asText().equals("PINNED");
    }

    /** The settings that a plan would want to change: whatever was set and is read otherwise. */
    private static List<String> drift(ObjectNode planned, JsonNode read) {
        List<String> drift = new ArrayList<>();
        planned.properties().forEach(setting -> {
            JsonNode found = read.path(setting.getKey());
            if (!found.equals(setting.getValue())) {
                drift.add(setting.getKey() + ": " + setting.getValue() + " -> " + found);
            }
        });
        return drift;
    }

    private JsonNode get(String id) throws Exception {
        return platform.raw(admin(1), "GET", BASE + "get?cluster_id=" + id, "");
    }

    private void awaitState(String id, String state) {
        await().atMost(ClusterPlatform.SOON)
                .until(() -> get(id).path("state").asText().equals(state));
    }

    private JsonNode call(String action, ObjectNode body) throws Exception {
        JsonNode answer = platform.raw(admin(1), "POST", BASE + action, body.toString());
        assertThat(answer.path("error_code").asText()).as(answer.toString()).isEmpty();
        return answer;
    }

    private static ObjectNode named(String id) {
        return Json.MAPPER.createObjectNode().put("cluster_id", id);
    }
}
