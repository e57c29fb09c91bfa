package io.campanile.clusters.cluster;

import static io.campanile.clusters.cluster.ClusterPlatform.SOON;
import static io.campanile.clusters.cluster.ClusterPlatform.admin;
import static io.campanile.clusters.cluster.ClusterPlatform.small;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ClusterSpec;
import com.databricks.sdk.service.compute.EditCluster;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What is on the wire of clusters beside their settings: tokens of creation, times, causes, pages of events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClusterWireApiTest {
    private static final String EVENTS = "/api/2.1/clusters/events";

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
    void aTokenOfCreationMakesOneClusterUntilThatEnds() throws Exception {
        WorkspaceClient client = platform.client(admin(1));

        String first = create(admin(1), "token-1").path("cluster_id").asText();
        assertThat(create(admin(1), "token-1").path("cluster_id").asText()).isEqualTo(first);
        assertThat(create(admin(1), "").path("cluster_id").asText()).isNotEqualTo(first);
        // The same word in another workspace is another token.
        assertThat(create(admin(2), "token-1").path("cluster_id").asText()).isNotEqualTo(first);
        Caller other = new Caller(1, 8, "bob@example.com", false, null, "request-1")
                .with(new Rights(false, false, Set.of(), Set.of("allow-cluster-create")));
        assertThat(create(other, "token-1").path("error_code").asText()).isEqualTo("RESOURCE_CONFLICT");
        assertThat(create(admin(1), "t".repeat(65)).path("message").asText())
                .contains("idempotency_token must have at most 64 characters");
        client.clusters().delete(first).get(SOON);
        assertThat(create(admin(1), "token-1").path("cluster_id").asText()).isNotEqualTo(first);
    }

    @Test
    void timesAndTheLastSettingsAreTold() throws Exception {
        WorkspaceClient client = platform.client(admin(3));
        long before = System.currentTimeMillis();
        String id = client.clusters()
                .create(small("told").setCustomTags(Map.of("team", "blue")))
                .get(SOON)
                .getClusterId();

        ClusterDetails made = client.clusters().get(id);
        assertThat(made.getStartTime()).isGreaterThanOrEqualTo(before);
        assertThat(made.getLastStateLossTime()).isZero();
        assertThat(made.getTerminatedTime()).isNull();
        ClusterSpec spec = made.getSpec();
        assertThat(spec.getClusterName()).isEqualTo("told");
        assertThat(spec.getCustomTags()).containsExactly(Map.entry("team", "blue"));
        assertThat(spec.getAwsAttributes()).isNull();
        client.clusters().delete(id).get(SOON);
        assertThat(client.clusters().get(id).getTerminatedTime()).isGreaterThanOrEqualTo(before);
        client.clusters()
                .edit(new EditCluster()
                        .setClusterId(id)
                        .setClusterName("told again")
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small"));
        client.clusters().start(id).get(SOON);

        ClusterDetails again = client.clusters().get(id);
        assertThat(again.getLastRestartedTime()).isGreaterThan(made.getStartTime());
        assertThat(again.getLastStateLossTime()).isEqualTo(again.getLastRestartedTime());
        assertThat(again.getTerminatedTime()).isNull();
        assertThat(again.getSpec().getClusterName()).isEqualTo("told again");
        assertThat(again.getSpec().getCustomTags()).isNullOrEmpty();
    }

    @Test
    void eventsNameWhoAskedAndArePagedBothWaysByTokens() throws Exception {
        WorkspaceClient client = platform.client(admin(4));
        String id = client.clusters().create(small("events")).get(SOON).getClusterId();
        client.clusters().delete(id).get(SOON);
        client.clusters().start(id).get(SOON);

        String ask = "{\"cluster_id\":\"" + id + "\",\"page_size\":2,\"order\":\"ASC\"";
        JsonNode first = events(ask + "}");
        assertThat(types(first)).containsExactly("CREATING", "RUNNING");
        assertThat(first.path("total_count").asInt()).isEqualTo(5);
        assertThat(first.has("prev_page_token")).isFalse();
        JsonNode second = events(ask + ",\"page_token\":" + first.path("next_page_token") + "}");
        assertThat(types(second)).containsExactly("TERMINATING", "STARTING");
        JsonNode ending = second.path("events").path(0).path("details");
        assertThat(ending.path("cause").asText()).isEqualTo("USER_REQUEST");
        assertThat(ending.path("user").asText()).isEqualTo("ann@example.com");
        assertThat(ending.path("reason").path("code").asText()).isEqualTo("USER_REQUEST");
        JsonNode third = events(ask + ",\"page_token\":" + second.path("next_page_token") + "}");
        assertThat(types(third)).containsExactly("RUNNING");
        assertThat(third.has("next_page_token")).isFalse();
        JsonNode back = events(ask + ",\"page_token\":" + third.path("prev_page_token") + "}");
        assertThat(back).isEqualTo(second);
        JsonNode begin = events(ask + ",\"page_token\":" + back.path("prev_page_token") + "}");
        assertThat(types(begin)).isEqualTo(types(first));
        assertThat(begin.has("prev_page_token")).isFalse();
        // By offset, as clients of before do.
        JsonNode byOffset = events("{\"cluster_id\":\"" + id + "\",\"limit\":2,\"offset\":2,\"order\":\"ASC\"}");
        assertThat(types(byOffset)).isEqualTo(types(second));
        assertThat(byOffset.path("next_page").path("offset").asInt()).isEqualTo(4);
        long at = second.path("events").path(0).path("timestamp").asLong();
        assertThat(types(events("{\"cluster_id\":\"" + id + "\",\"end_time\":" + at + ",\"order\":\"ASC\"}")))
                .startsWith("CREATING", "RUNNING", "TERMINATING");
    }

    @Test
    void whatCannotBeAskedOfEventsIsNamed() throws Exception {
        WorkspaceClient client = platform.client(admin(4));
        String id = client.clusters().create(small("asked")).getResponse().getClusterId();

        for (String bad : List.of(
                "\"order\":\"UP\"|order",
                "\"event_types\":[\"PARTY\"]|event_types",
                "\"page_token\":\"!\"|page_token",
                "\"page_token\":\"na1.1\"|page_token",
                "\"page_size\":501|page_size",
                "\"limit\":-1|limit",
                "\"offset\":-1|offset",
                "\"start_time\":2,\"end_time\":1|start_time")) {
            String[] parts = bad.split("\\|");

            JsonNode answer = events("{\"cluster_id\":\"" + id + "\"," + parts[0] + "}");

            assertThat(answer.path("error_code").asText()).as(bad).isEqualTo("INVALID_PARAMETER_VALUE");
            assertThat(answer.path("message").asText()).contains(parts[1]);
        }
        // Of the public API, though nothing here makes them happen.
        assertThat(events("{\"cluster_id\":\"" + id + "\",\"event_types\":[\"EXPANDED_DISK\"]}")
                        .path("total_count")
                        .asInt())
                .isZero();
        assertThat(events("{\"cluster_id\":\"\"}").path("message").asText()).contains("cluster_id");
    }

    private JsonNode create(Caller caller, String token) throws Exception {
        return platform.raw(caller, "POST", "/api/2.0/clusters/create", """
                {"cluster_name": "once", "spark_version": "4.0.x-scala2.13", "node_type_id": "local.small",
                 "num_workers": 0, "idempotency_token": "%s"}""".formatted(token));
    }

    private JsonNode events(String body) throws Exception {
        return platform.raw(admin(4), "POST", EVENTS, body);
    }

    private static List<String> types(JsonNode page) {
        List<String> types = new ArrayList<>();
        page.path("events").forEach(event -> types.add(event.path("type").asText()));
        return types;
    }
}
