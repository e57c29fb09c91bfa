package io.campanile.clusters.cluster;

import static io.campanile.clusters.cluster.ClusterPlatform.SOON;
import static io.campanile.clusters.cluster.ClusterPlatform.admin;
import static io.campanile.clusters.cluster.ClusterPlatform.bob;
import static io.campanile.clusters.cluster.ClusterPlatform.invalid;
import static io.campanile.clusters.cluster.ClusterPlatform.small;
import static io.campanile.clusters.testing.TestManager.refused;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.mixin.NodeTypeSelector;
import com.databricks.sdk.mixin.SparkVersionSelector;
import com.databricks.sdk.service.compute.ChangeClusterOwner;
import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ClusterEvent;
import com.databricks.sdk.service.compute.ClusterSource;
import com.databricks.sdk.service.compute.EventType;
import com.databricks.sdk.service.compute.GetEvents;
import com.databricks.sdk.service.compute.ListClustersFilterBy;
import com.databricks.sdk.service.compute.ListClustersRequest;
import com.databricks.sdk.service.compute.ListClustersSortBy;
import com.databricks.sdk.service.compute.ListClustersSortByDirection;
import com.databricks.sdk.service.compute.ListClustersSortByField;
import com.databricks.sdk.service.compute.State;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pins, owners, lists and what the platform offers, through the public SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PinsAndOwnersApiTest {
    private static final String ABSENT = "0101-000000-aaaaaaaa";

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
    void aPinIsSeenOnTheWireInTheListAndInTheEventsOnce() throws Exception {
        WorkspaceClient client = platform.client(admin(1));
        String id = create(client, "pinned");
        create(client, "plain");

        client.clusters().pin(id);
        client.clusters().pin(id);

        JsonNode details = platform.raw(admin(1), "GET", "/api/2.1/clusters/get?cluster_id=" + id, "");
        assertThat(details.path("pinned_by_user_name").asText()).isEqualTo("ann@example.com");
        assertThat(names(client, filter(new ListClustersFilterBy().setIsPinned(true))))
                .containsExactly("pinned");
        assertThat(names(client, filter(new ListClustersFilterBy().setIsPinned(false))))
                .containsExactly("plain");
        client.clusters().unpin(id);
        client.clusters().unpin(id);
        assertThat(names(client, filter(new ListClustersFilterBy().setIsPinned(true))))
                .isEmpty();
        List<EventType> types = new ArrayList<>();
        for (ClusterEvent event : client.clusters()
                .events(new GetEvents()
                        .setClusterId(id)
                        .setEventTypes(List.of(EventType.PINNED, EventType.UNPINNED)))) {
            assertThat(event.getDetails().getUser()).isEqualTo("ann@example.com");
            types.add(event.getType());
        }
        assertThat(types).containsExactly(EventType.UNPINNED, EventType.PINNED);
    }

    @Test
    void onlyAdministratorsPinAndAStrangersClusterDoesNotExist() {
        String id = create(platform.client(admin(2)), "mine");
        WorkspaceClient bob = platform.client(bob(2));
        WorkspaceClient stranger = platform.client(admin(3));

        refused(() -> bob.clusters().pin(id), 403, "PERMISSION_DENIED");
        refused(() -> bob.clusters().unpin(id), 403, "PERMISSION_DENIED");
        invalid(() -> stranger.clusters().pin(id), "does not exist");
        invalid(() -> stranger.clusters().unpin(id), "does not exist");
        invalid(() -> stranger.clusters().pin(ABSENT), "does not exist");
        invalid(() -> stranger.clusters().pin(""), "cluster_id");
    }

    @Test
    void anOwnerIsChangedByAdministratorsOfWhatDoesNotRun() throws Exception {
        WorkspaceClient client = platform.client(admin(4));
        String id = client.clusters().create(small("given away")).get(SOON).getClusterId();
        WorkspaceClient bob = platform.client(bob(4));

        refused(() -> give(client, id, "bob@example.com"), 400, "INVALID_STATE")
                .hasMessageContaining("unexpected state Running");
        client.clusters().delete(id).get(SOON);
        refused(() -> give(bob, id, "bob@example.com"), 403, "PERMISSION_DENIED");
        invalid(() -> give(client, id, "nobody@example.com"), "owner_username");
        invalid(() -> give(client, id, "gone@example.com"), "owner_username");
        invalid(() -> give(client, id, ""), "owner_username");
        invalid(() -> give(client, ABSENT, "bob@example.com"), "does not exist");
        invalid(() -> give(platform.client(admin(5)), id, "bob@example.com"), "does not exist");
        refused(() -> bob.clusters().get(id), 403, "PERMISSION_DENIED");
        give(client, id, "bob@example.com");

        ClusterDetails his = bob.clusters().get(id);
        assertThat(his.getCreatorUserName()).isEqualTo("bob@example.com");
        assertThat(his.getSingleUserName()).isEqualTo("bob@example.com");
        assertThat(his.getDefaultTags()).containsEntry("Creator", "bob@example.com");
        bob.clusters().start(id).get(SOON);
        assertThat(platform.raw(admin(4), "POST", "/api/2.1/clusters/events", "{\"cluster_id\":\"" + id + "\"}")
                        .path("total_count")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void aServicePrincipalCanBeAnOwnerAndADefaultClusterStays() throws Exception {
        WorkspaceClient client = platform.client(admin(6));
        String id = client.clusters().create(small("for a robot")).get(SOON).getClusterId();
        client.clusters().delete(id).get(SOON);

        give(client, id, "11111111-2222-3333-4444-555555555555");

        assertThat(client.clusters().get(id).getCreatorUserName()).isEqualTo("11111111-2222-3333-4444-555555555555");
        String own = platform.raw(admin(6), "POST", "/api/campanile/v1/clusters/default", "{\"start\":false}")
                .path("cluster_id")
                .asText();
        invalid(() -> give(client, own, "bob@example.com"), "default cluster");
    }

    @Test
    void listsAreSortedFilteredAndTurnedBothWays() throws Exception {
        WorkspaceClient client = platform.client(admin(8));
        for (String name : List.of("delta", "Alpha", "charlie", "bravo", "echo")) {
            create(client, name);
        }

        assertThat(names(client, sorted(ListClustersSortByDirection.ASC)))
                .containsExactly("Alpha", "bravo", "charlie", "delta", "echo");
        assertThat(names(client, sorted(ListClustersSortByDirection.DESC).setPageSize(2L)))
                .containsExactly("echo", "delta", "charlie", "bravo", "Alpha");
        String target = "/api/2.1/clusters/list?sort_by.field=CLUSTER_NAME&page_size=2";
        JsonNode first = platform.raw(admin(8), "GET", target, "");
        assertThat(first.has("prev_page_token")).isFalse();
        JsonNode second = turn(target, first, "next_page_token");
        JsonNode third = turn(target, second, "next_page_token");
        assertThat(shown(third)).containsExactly("echo");
        assertThat(third.has("next_page_token")).isFalse();
        JsonNode back = turn(target, third, "prev_page_token");
        assertThat(shown(back)).isEqualTo(shown(second)).containsExactly("charlie", "delta");
        JsonNode begin = turn(target, back, "prev_page_token");
        assertThat(shown(begin)).containsExactly("Alpha", "bravo");
        assertThat(begin.has("prev_page_token")).isFalse();
        assertThat(begin.has("next_page_token")).isTrue();
        assertThat(platform.raw(
                                admin(8),
                                "GET",
                                "/api/2.1/clusters/list?page_token="
                                        + first.path("next_page_token").asText(),
                                "")
                        .path("message")
                        .asText())
                .contains("page_token");
    }

    @Test
    void whatRunsComesFirstAndThenWhatIsPinned() throws Exception {
        WorkspaceClient client = platform.client(admin(9));
        String ended = client.clusters().create(small("a ended")).get(SOON).getClusterId();
        String kept =
                client.clusters().create(small("z ended and pinned")).get(SOON).getClusterId();
        client.clusters().delete(ended).get(SOON);
        client.clusters().delete(kept).get(SOON);
        client.clusters().pin(kept);
        client.clusters().create(small("m runs")).get(SOON);

        assertThat(names(client, new ListClustersRequest().setPageSize(1L)))
                .containsExactly("m runs", "z ended and pinned", "a ended");
        assertThat(names(client, filter(new ListClustersFilterBy().setClusterStates(List.of(State.TERMINATED)))))
                .containsExactly("z ended and pinned", "a ended");
        assertThat(names(client, filter(new ListClustersFilterBy().setClusterSources(List.of(ClusterSource.JOB)))))
                .isEmpty();
        assertThat(names(client, filter(new ListClustersFilterBy().setClusterSources(List.of(ClusterSource.API)))))
                .hasSize(3);
    }

    @Test
    void filtersAndOrdersThatAreNotKnownAreRefusedByName() throws Exception {
        for (String bad : List.of(
                "filter_by.cluster_states=SLEEPING",
                "filter_by.cluster_sources=HAND",
                "filter_by.is_pinned=maybe",
                "sort_by.field=SIZE",
                "sort_by.direction=UP",
                "page_size=x",
                "page_token=AAAA")) {
            JsonNode answer = platform.raw(admin(10), "GET", "/api/2.1/clusters/list?" + bad, "");

            assertThat(answer.path("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
            assertThat(answer.path("message").asText()).contains(bad.substring(0, bad.indexOf('=')));
        }
    }

    @Test
    void selectorsOfTheSdkFindWhatThereIs() {
        WorkspaceClient client = platform.client(bob(11));

        assertThat(client.clusters().listZones().getZones()).containsExactly("local");
        assertThat(client.clusters().listZones().getDefaultZone()).isEqualTo("local");
        for (SparkVersionSelector selector : List.of(
                new SparkVersionSelector().withLatest(),
                new SparkVersionSelector().withLongTermSupport(),
                new SparkVersionSelector().withScala("2.13").withLatest(),
                new SparkVersionSelector().withSparkVersion("4.0.1").withLatest())) {
            assertThat(client.clusters().selectSparkVersion(selector)).isEqualTo("4.0.x-scala2.13");
        }
        assertThat(client.clusters().selectNodeType(new NodeTypeSelector())).isEqualTo("local.small");
        assertThat(client.clusters().selectNodeType(new NodeTypeSelector().withMinMemoryGb(2)))
                .isEqualTo("local.medium");
        assertThat(client.clusters()
                        .selectNodeType(new NodeTypeSelector().withMinCores(1).withLocalDisk()))
                .isEqualTo("local.small");
        assertThat(client.clusters()
                        .selectNodeType(new NodeTypeSelector()
                                .withCategory("general purpose")
                                .withLocalDiskMinSize(1)))
                .isEqualTo("local.small");
        assertThat(requireNonNull(client.clusters().listNodeTypes().getNodeTypes()))
                .allSatisfy(type -> assertThat(type.getNodeInfo().getStatus()).isEmpty());
    }

    @Test
    void settingsThatAreTooLongOrTooDeepAreRefused() throws Exception {
        String deep = "[".repeat(500) + "]".repeat(500);
        String keys = IntStream.range(0, 70)
                .mapToObj(i -> "\"custom.k" + i + "\":\"" + "x".repeat(920) + "\"")
                .collect(Collectors.joining(","));

        assertThat(refusal("\"aws_attributes\":{\"tags\":" + deep + "}")).contains("Field aws_attributes is nested");
        assertThat(refusal("\"spark_conf\":{" + keys + "}")).contains("characters as JSON");
        assertThat(refusal("\"aws_attributes\":{\"instance_profile_arn\":\"" + "x".repeat(70_000) + "\"}"))
                .contains("characters as JSON");
    }

    private String refusal(String settings) throws Exception {
        JsonNode answer = platform.raw(
                admin(13),
                "POST",
                "/api/2.1/clusters/create",
                "{\"cluster_name\":\"a\",\"spark_version\":\"4.0.x-scala2.13\",\"node_type_id\":\"local.small\","
                        + settings + "}");
        assertThat(answer.path("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
        return answer.path("message").asText();
    }

    @Test
    void administratorsLimitHowLongClustersRun() throws Exception {
        String target = "/api/campanile/v1/clusters/settings";

        assertThat(platform.raw(bob(12), "GET", target, "")
                        .path("max_lifetime_minutes")
                        .asLong())
                .isZero();
        assertThat(platform.raw(bob(12), "PATCH", target, "{\"max_lifetime_minutes\":60}")
                        .path("error_code")
                        .asText())
                .isEqualTo("PERMISSION_DENIED");
        assertThat(platform.raw(admin(12), "PATCH", target, "{\"max_lifetime_minutes\":9}")
                        .path("message")
                        .asText())
                .contains("max_lifetime_minutes");
        assertThat(platform.raw(admin(12), "PATCH", target, "{\"max_livetime_minutes\":60}")
                        .path("message")
                        .asText())
                .contains("max_lifetime_minutes");
        assertThat(platform.raw(admin(12), "PATCH", target, "{\"max_lifetime_minutes\":60}")
                        .path("max_lifetime_minutes")
                        .asLong())
                .isEqualTo(60);
        assertThat(platform.raw(admin(13), "GET", target, "")
                        .path("max_lifetime_minutes")
                        .asLong())
                .isZero();
        assertThat(platform.raw(admin(12), "PATCH", target, "{}")
                        .path("max_lifetime_minutes")
                        .asLong())
                .isZero();
    }

    private JsonNode turn(String target, JsonNode page, String token) throws Exception {
        return platform.raw(
                admin(8), "GET", target + "&page_token=" + page.path(token).asText(), "");
    }

    private static List<String> shown(JsonNode page) {
        return page.path("clusters").findValuesAsText("cluster_name").stream()
                .distinct()
                .toList();
    }

    private static ListClustersRequest filter(ListClustersFilterBy filter) {
        return new ListClustersRequest().setFilterBy(filter);
    }

    private static ListClustersRequest sorted(ListClustersSortByDirection direction) {
        return new ListClustersRequest()
                .setSortBy(new ListClustersSortBy()
                        .setField(ListClustersSortByField.CLUSTER_NAME)
                        .setDirection(direction));
    }

    private static List<String> names(WorkspaceClient client, ListClustersRequest request) {
        List<String> names = new ArrayList<>();
        client.clusters().list(request).forEach(cluster -> names.add(cluster.getClusterName()));
        return names;
    }

    private static void give(WorkspaceClient client, String id, String name) {
        client.clusters().changeOwner(new ChangeClusterOwner().setClusterId(id).setOwnerUsername(name));
    }

    private static String create(WorkspaceClient client, String name) {
        return client.clusters().create(small(name)).getResponse().getClusterId();
    }
}
