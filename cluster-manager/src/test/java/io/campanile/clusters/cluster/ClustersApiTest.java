package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ClusterEvent;
import com.databricks.sdk.service.compute.CreateCluster;
import com.databricks.sdk.service.compute.EditCluster;
import com.databricks.sdk.service.compute.EventType;
import com.databricks.sdk.service.compute.GetEvents;
import com.databricks.sdk.service.compute.ListClustersRequest;
import com.databricks.sdk.service.compute.RestartCluster;
import com.databricks.sdk.service.compute.State;
import com.databricks.sdk.service.compute.TerminationReasonCode;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.testing.TestManager;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.http.InternalClient;
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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The real server, driven by the public SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClustersApiTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    private TestManager manager;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        manager = new TestManager(dataDir, null);
    }

    @AfterAll
    void stop() {
        manager.close();
    }

    @Test
    void aClusterLivesThroughTheSdkWithItsWaiters() throws Exception {
        WorkspaceClient client = manager.client(admin(1));

        ClusterDetails created = client.clusters().create(small("life")).get(SOON);
        String id = created.getClusterId();
        assertThat(created.getState()).isEqualTo(State.RUNNING);
        assertThat(created.getDriver().getNodeId()).isNotBlank();
        client.clusters().restart(new RestartCluster().setClusterId(id)).get(SOON);
        client.clusters().delete(id).get(SOON);
        ClusterDetails ended = client.clusters().get(id);
        assertThat(ended.getState()).isEqualTo(State.TERMINATED);
        assertThat(ended.getTerminationReason().getCode()).isEqualTo(TerminationReasonCode.USER_REQUEST);
        assertThat(ended.getTerminatedTime()).isPositive();
        client.clusters().start(id).get(SOON);
        client.clusters().permanentDelete(id);

        assertThatThrownBy(() -> client.clusters().get(id)).hasMessageContaining("Cluster " + id + " does not exist");
    }

    @Test
    void whatClientsCompareIsAnswered() {
        WorkspaceClient client = manager.client(admin(2));

        String id = client.clusters()
                .create(small("compare")
                        .setSparkConf(Map.of(
                                "spark.master",
                                "local[*]",
                                "spark.databricks.cluster.profile",
                                "singleNode",
                                "spark.sql.shuffle.partitions",
                                "3"))
                        .setCustomTags(Map.of("ResourceClass", "SingleNode"))
                        .setAutoterminationMinutes(20L))
                .getResponse()
                .getClusterId();
        ClusterDetails details = client.clusters().get(id);

        assertThat(details.getClusterName()).isEqualTo("compare");
        assertThat(details.getNodeTypeId()).isEqualTo("local.small");
        assertThat(details.getDriverNodeTypeId()).isEqualTo("local.small");
        assertThat(details.getNumWorkers()).isZero();
        assertThat(details.getAutoterminationMinutes()).isEqualTo(20);
        assertThat(details.getSparkConf()).hasSize(3).containsEntry("spark.master", "local[*]");
        assertThat(details.getCustomTags()).containsEntry("ResourceClass", "SingleNode");
        assertThat(details.getEnableElasticDisk()).isFalse();
        assertThat(details.getAwsAttributes().getZoneId()).isEqualTo("local");
        assertThat(details.getSingleUserName()).isEqualTo("ann@example.com");
        assertThat(details.getDataSecurityMode()).hasToString("SINGLE_USER");
        assertThat(details.getCreatorUserName()).isEqualTo("ann@example.com");
        assertThat(id).matches("[0-9]{4}-[0-9]{6}-[0-9a-z]{8}");
        assertThat(manager.provider().requests().stream()
                        .map(request -> request.shape().sparkConf()))
                .noneMatch(conf -> conf.containsKey("spark.master"));
    }

    @Test
    void badSettingsAreRefusedByName() {
        var clusters = manager.client(admin(3)).clusters();

        refused(() -> clusters.create(new CreateCluster().setNodeTypeId("local.small")), "spark_version");
        refused(() -> clusters.create(new CreateCluster().setSparkVersion("4.0.x-scala2.13")), "node_type_id");
        refused(() -> clusters.create(small("a").setSparkVersion("9.9")), "Invalid spark version 9.9");
        refused(() -> clusters.create(small("a").setNodeTypeId("m5.huge")), "m5.huge");
        refused(() -> clusters.create(small("a").setAutoterminationMinutes(-1L)), "autotermination_minutes");
        refused(() -> clusters.create(small("x".repeat(101))), "cluster_name");
        refused(() -> clusters.create(small("a").setSingleUserName("eve@example.com")), "single_user_name");
    }

    @Test
    void environmentVariablesComeBackAndReachTheNode() {
        var clusters = manager.client(admin(3)).clusters();
        Map<String, String> variables = Map.of("STAGE", "test", "TOKEN", "{{secrets/scope/key}}");

        String id = clusters.create(small("with variables").setSparkEnvVars(variables))
                .getResponse()
                .getClusterId();

        assertThat(clusters.get(id).getSparkEnvVars()).isEqualTo(variables);
        for (String name : List.of(
                "1ST",
                "A-B",
                "A B",
                "",
                "LD_PRELOAD",
                "PATH",
                "JAVA_TOOL_OPTIONS",
                "CAMPANILE_DATA_DIR",
                "SPARK_HOME")) {
            refused(() -> clusters.create(small("a").setSparkEnvVars(Map.of(name, "x"))), "spark_env_vars." + name);
        }
        refused(() -> clusters.create(small("a").setSparkEnvVars(Map.of("A", "b\u0007"))), "spark_env_vars.A");
        refused(() -> clusters.create(small("a").setSparkEnvVars(Map.of("A", "x".repeat(16_000)))), "spark_env_vars");
        refused(
                () -> clusters.create(small("a").setSparkEnvVars(Map.of("A", "x{{secrets/a/b}}"))),
                "spark_env_vars.A: a secret is written");
    }

    @Test
    void dangerousSparkSettingsAreRefusedInEverySpelling() {
        var clusters = manager.client(admin(3)).clusters();

        for (String key : List.of(
                "spark.driver.extraJavaOptions",
                "driver.extraJavaOptions",
                "spark.spark.plugins",
                " spark.jars ",
                "spark.master.rest.enabled",
                "spark.sql.extensions")) {
            refused(() -> clusters.create(small("a").setSparkConf(Map.of(key, "x"))), "spark_conf." + key);
        }
        refused(
                () -> clusters.create(small("a").setSparkConf(Map.of("spark.master", "spark://evil:7077"))),
                "local[*]");
    }

    @Test
    void anUnknownClusterIsSaidNotToExistByEveryCall() {
        var clusters = manager.client(admin(3)).clusters();
        String message = "Cluster 0101-000000-aaaaaaaa does not exist";
        String id = "0101-000000-aaaaaaaa";

        refused(() -> clusters.get(id), message);
        refused(() -> clusters.start(id), message);
        refused(() -> clusters.restart(new RestartCluster().setClusterId(id)), message);
        refused(() -> clusters.delete(id), message);
        refused(() -> clusters.permanentDelete(id), message);
        refused(() -> clusters.events(new GetEvents().setClusterId(id)).forEach(item -> {}), message);
        refused(
                () -> clusters.edit(new EditCluster()
                        .setClusterId(id)
                        .setSparkVersion("4.0.x-scala2.13")
                        .setNodeTypeId("local.small")),
                message);
        refused(() -> clusters.get(""), "cluster_id");
    }

    @Test
    void theWireOfAMissingClusterIsABadRequest() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(manager.url() + "/api/2.1/clusters/get?cluster_id=nothing"))
                .header("Authorization", manager.environment().bearer(admin(3), "cluster-manager"))
                .build();

        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("INVALID_PARAMETER_VALUE", "Cluster nothing does not exist");
    }

    @Test
    void anotherTenantsClusterDoesNotExistAndAColleaguesIsForbidden() {
        String id = manager.client(admin(4))
                .clusters()
                .create(small("mine"))
                .getResponse()
                .getClusterId();
        var stranger = manager.client(admin(5)).clusters();
        var colleague = manager.client(new Caller(4, 99, "bob@example.com", false, null, "request-1"))
                .clusters();

        refused(() -> stranger.get(id), "does not exist");
        refused(() -> stranger.delete(id), "does not exist");
        refused(() -> stranger.permanentDelete(id), "does not exist");
        refused(() -> stranger.events(new GetEvents().setClusterId(id)).forEach(item -> {}), "does not exist");
        assertThat(stranger.list(new ListClustersRequest())).isEmpty();
        assertThat(colleague.list(new ListClustersRequest())).isEmpty();
        for (Runnable act : List.<Runnable>of(
                () -> colleague.get(id),
                () -> colleague.start(id),
                () -> colleague.delete(id),
                () -> colleague.permanentDelete(id),
                () -> colleague.create(small("not allowed")))) {
            assertThatThrownBy(act::run).isInstanceOfSatisfying(DatabricksError.class, error -> {
                assertThat(error.getStatusCode()).isEqualTo(403);
                assertThat(error.getErrorCode()).isEqualTo("PERMISSION_DENIED");
            });
        }
    }

    @Test
    void startOfARunningClusterAndEditOfAStartingOneAreInvalidStates() throws Exception {
        var clusters = manager.client(admin(6)).clusters();
        String id = clusters.create(small("state")).get(SOON).getClusterId();

        assertThatThrownBy(() -> clusters.start(id)).isInstanceOfSatisfying(DatabricksError.class, error -> {
            assertThat(error.getErrorCode()).isEqualTo("INVALID_STATE");
            assertThat(error.getMessage()).contains("unexpected state Running");
        });
        clusters.delete(id).get(SOON);
        clusters.delete(id);
        clusters.restart(new RestartCluster().setClusterId(id));
        assertThat(clusters.get(id).getState()).isEqualTo(State.TERMINATED);
        clusters.edit(new EditCluster()
                .setClusterId(id)
                .setClusterName("renamed")
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.large"));

        assertThat(clusters.get(id).getClusterName()).isEqualTo("renamed");
        assertThat(clusters.get(id).getState()).isEqualTo(State.TERMINATED);
    }

    @Test
    void listsArePagedAndFiltered() {
        var clusters = manager.client(admin(7)).clusters();
        for (int i = 0; i < 5; i++) {
            clusters.create(small("page " + i));
        }

        List<String> names = new ArrayList<>();
        clusters.list(new ListClustersRequest().setPageSize(2L))
                .forEach(details -> names.add(details.getClusterName()));

        assertThat(names).containsExactlyInAnyOrder("page 0", "page 1", "page 2", "page 3", "page 4");
        refused(() -> clusters.list(new ListClustersRequest().setPageSize(101L)).forEach(item -> {}), "page_size");
        refused(() -> clusters.list(new ListClustersRequest().setPageToken("!")).forEach(item -> {}), "page_token");
    }

    @Test
    void eventsArePagedInBothOrders() throws Exception {
        var clusters = manager.client(admin(8)).clusters();
        String id = clusters.create(small("events")).get(SOON).getClusterId();
        clusters.delete(id).get(SOON);

        List<EventType> all = new ArrayList<>();
        for (ClusterEvent event : clusters.events(new GetEvents()
                .setClusterId(id)
                .setLimit(1L)
                .setOrder(com.databricks.sdk.service.compute.GetEventsOrder.ASC))) {
            all.add(event.getType());
        }

        assertThat(all).containsExactly(EventType.CREATING, EventType.RUNNING, EventType.TERMINATING);
        List<ClusterEvent> endings = new ArrayList<>();
        clusters.events(new GetEvents().setClusterId(id).setEventTypes(List.of(EventType.TERMINATING)))
                .forEach(endings::add);
        assertThat(endings)
                .singleElement()
                .satisfies(event -> assertThat(event.getDetails().getReason().getCode())
                        .isEqualTo(TerminationReasonCode.USER_REQUEST));
        refused(
                () -> clusters.events(new GetEvents().setClusterId(id).setLimit(501L))
                        .forEach(item -> {}),
                "limit");
    }

    @Test
    void whoMayCreateClustersIsSaidByTheEntitlement() {
        Caller bob = new Caller(31, 99, "bob@example.com", false, null, "request-1");
        Caller entitled = bob.with(new Rights(false, false, Set.of(), Set.of("allow-cluster-create")));

        assertThatThrownBy(() -> manager.client(bob).clusters().create(small("refused")))
                .isInstanceOfSatisfying(
                        DatabricksError.class,
                        error -> assertThat(error.getStatusCode()).isEqualTo(403));
        String id = manager.client(entitled)
                .clusters()
                .create(small("entitled"))
                .getResponse()
                .getClusterId();

        assertThat(manager.client(entitled).clusters().get(id).getClusterName()).isEqualTo("entitled");
        assertThatThrownBy(
                        () -> manager.client(bob.with(new Rights(false, false, Set.of(1L), Set.of("workspace-access"))))
                                .clusters()
                                .create(small("refused")))
                .isInstanceOf(DatabricksError.class);
    }

    @Test
    void aDeletedWorkspacesClustersEndAndNoneStarts() {
        WorkspaceClient gone = manager.client(admin(32));
        WorkspaceClient stays = manager.client(admin(33));
        String id = gone.clusters().create(small("gone")).getResponse().getClusterId();
        String other = stays.clusters().create(small("stays")).getResponse().getClusterId();
        InternalClient identity = new InternalClient(
                manager.environment().environment().directory(),
                manager.environment().environment().tokens(),
                "cluster-manager");
        manager.environment().announce("cluster-manager", manager.port());
        Caller service = Caller.service("identity", 0, "request-1");

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(identity.post(
                                        service,
                                        "/internal/clusters/close-workspace",
                                        Map.of("workspace_id", 32),
                                        JsonNode.class)
                                .path("active")
                                .asInt())
                        .isZero());

        refused(() -> gone.clusters().get(id), "Cluster " + id + " does not exist");
        assertThatThrownBy(() -> gone.clusters().create(small("again")))
                .hasMessageContaining("does not exist any more");
        assertThat(stays.clusters().get(other).getState()).isIn(State.PENDING, State.RUNNING);
    }

    @Test
    void nodeTypesAndRuntimesAreListed() {
        var clusters = manager.client(new Caller(1, 99, "bob@example.com", false, null, "request-1"))
                .clusters();

        assertThat(requireNonNull(clusters.listNodeTypes().getNodeTypes()).stream()
                        .map(type -> type.getNodeTypeId()))
                .containsExactly("local.small", "local.medium", "local.large");
        assertThat(requireNonNull(clusters.sparkVersions().getVersions()))
                .singleElement()
                .satisfies(version -> assertThat(version.getKey()).isEqualTo("4.0.x-scala2.13"));
    }

    private static void refused(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(DatabricksError.class, error -> {
                    String seen = error.getStatusCode() + " " + error.getErrorCode();
                    // For clusters/get the SDK itself turns a 400 with exactly this text into "does not exist".
                    assertThat(seen)
                            .isIn(
                                    "400 INVALID_PARAMETER_VALUE",
                                    message.contains("does not exist") ? "404 RESOURCE_DOES_NOT_EXIST" : "");
                })
                .hasMessageContaining(message);
    }

    private static CreateCluster small(String name) {
        return new CreateCluster()
                .setClusterName(name)
                .setSparkVersion("4.0.x-scala2.13")
                .setNodeTypeId("local.small")
                .setNumWorkers(0L);
    }

    private static Caller admin(long workspaceId) {
        return new Caller(workspaceId, 7, "ann@example.com", true, null, "request-1");
    }
}
