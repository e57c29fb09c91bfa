package io.campanile.clusters.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.State;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Where nodes are not kept apart, one person has clusters and everybody else is told why and what to do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SingleUserApiTest {
    private static final String WHY = "single-user isolation: apt-get install bubblewrap";
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller ANN_ELSEWHERE = new Caller(2, 7, "ann@example.com", true, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", true, null, "request-1");
    private static final Caller CAROL = new Caller(3, 9, "carol@example.com", true, null, "request-1");

    private TestManager manager;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        manager = new TestManager(dataDir, null, WHY);
        manager.environment().announce("cluster-manager", manager.port());
        manager.environment().environment().directory().refresh();
    }

    @AfterAll
    void stop() {
        manager.close();
    }

    @Test
    void onlyTheFirstPersonHasClusters() {
        // That somebody has looked at a page makes nobody the first.
        assertThat(defaultOf(BOB, false).path("state").asText()).isEqualTo("TERMINATED");
        WorkspaceClient ann = manager.client(ANN);
        String first = ann.clusters().create(spec("first")).getResponse().getClusterId();

        ann.clusters().create(spec("second"));
        manager.client(ANN_ELSEWHERE).clusters().create(spec("elsewhere"));
        assertThat(defaultOf(ANN, true).path("state").asText()).isEqualTo("PENDING");
        assertThat(ann.clusters().get(first).getState()).isNotEqualTo(State.TERMINATED);

        for (Caller other : new Caller[] {BOB, CAROL}) {
            assertThatThrownBy(() -> manager.client(other).clusters().create(spec("theirs")))
                    .isInstanceOfSatisfying(
                            DatabricksError.class,
                            error -> assertThat(error.getStatusCode() + " " + error.getErrorCode() + " "
                                            + error.getMessage())
                                    .isEqualTo("400 INVALID_STATE " + WHY));
            assertThat(manager.client(other)
                            .clusters()
                            .list(new com.databricks.sdk.service.compute.ListClustersRequest()))
                    .noneMatch(cluster -> cluster.getClusterName().equals("theirs"));
        }
        assertThatThrownBy(() -> defaultOf(BOB, true)).hasMessageContaining(WHY);
        assertThat(defaultOf(BOB, false).path("state").asText()).isEqualTo("TERMINATED");
    }

    private JsonNode defaultOf(Caller person, boolean start) {
        InternalClient client = manager.environment().environment().client("cluster-manager");
        Caller service = new Caller(
                person.workspaceId(), person.userId(), person.userName(), false, "notebook-service", "request-1");
        return client.post(
                service,
                "/internal/clusters/default",
                Map.of("user_id", person.userId(), "user_name", person.userName(), "start", start),
                JsonNode.class);
    }

    private static CreateCluster spec(String name) {
        return new CreateCluster()
                .setClusterName(name)
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small")
                .setNumWorkers(0L);
    }
}
