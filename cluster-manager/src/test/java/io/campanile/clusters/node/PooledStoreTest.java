package io.campanile.clusters.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.clusters.node.PooledStore.Count;
import io.campanile.clusters.node.PooledStore.Taker;
import io.campanile.clusters.provider.NodeShape;
import io.campanile.clusters.provider.ProviderNode;
import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Nodes of instance pools, beside the same pool of another workspace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PooledStoreTest {
    private static final NodeShape SHAPE = new NodeShape("local.small", 1024, "4.0.1", Map.of(), Map.of());
    private static final NodeShape OTHER = new NodeShape("local.small", 1024, "4.0.1", Map.of("a", "b"), Map.of());

    private final Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager");
    private final NodeStore nodes = new NodeStore(database);
    private final PooledStore pooled = nodes.pooled();

    @BeforeEach
    void empty() {
        database.acrossWorkspaces("a test").execute("truncate node, instance_pool");
        pool(1, 3);
        pool(2, 3);
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Test
    void aNodeIsGivenOnceAndToItsWorkspaceAlone() {
        idle("n1", 1);
        Taker ours = new Taker(1, "c", 4);

        assertThat(pooled.take(new Taker(2, "theirs", 1), "p", SHAPE, 9)).isEmpty();
        assertThat(pooled.take(ours, "another", SHAPE, 9)).isEmpty();
        assertThat(pooled.take(ours, "p", OTHER, 9)).isEmpty();
        assertThat(nodes.takeFromPool(1, "c", 4, SHAPE, 9)).isEmpty();
        Node taken = pooled.take(ours, "p", SHAPE, 9).orElseThrow();

        assertThat(taken.clusterId()).isEqualTo("c");
        assertThat(taken.epoch()).isEqualTo(4);
        assertThat(taken.life().assignedAt()).isEqualTo(9);
        assertThat(pooled.take(ours, "p", SHAPE, 9)).isEmpty();
        assertThat(pooled.take(new Taker(1, "d", 1), "p", SHAPE, 9)).isEmpty();
    }

    @Test
    void aReadyNodeIsGivenFirstAndNoneThatFailsOrIsMissed() {
        idle("failed", 1);
        idle("starting", 1);
        idle("ready", 1);
        says("failed", DriverState.FAILED);
        says("ready", DriverState.READY);

        assertThat(taken("a")).contains("ready");
        assertThat(taken("b")).contains("starting");
        assertThat(taken("c")).isEmpty();
    }

    @Test
    void nodesOfADeletedPoolAreNotGiven() {
        idle("n1", 1);

        database.transact(tx -> tx.execute("delete from instance_pool where workspace_id = 1 and pool_id = 'p'"));

        assertThat(taken("c")).isEmpty();
        assertThat(request("n2", 1)).isEmpty();
        assertThat(pooled.of(1, "p")).hasSize(1);
    }

    @Test
    void ofManyAtOnceAsManyGetAPlaceAsThePoolHas() throws Exception {
        List<Callable<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String id = "n" + i;
            calls.add(() -> request(id, 1).isPresent());
        }
        ExecutorService threads = Executors.newFixedThreadPool(10);
        int places = 0;
        for (Future<Boolean> call : threads.invokeAll(calls)) {
            places += call.get() ? 1 : 0;
        }
        threads.shutdown();

        assertThat(places).isEqualTo(3);
        assertThat(pooled.of(1, "p")).hasSize(3);
        String first = pooled.of(1, "p").get(0).nodeId();
        nodes.stop(first, "test", false, 5);
        assertThat(request("later", 1)).as("what ends is still there").isEmpty();
        nodes.gone(first, 6);
        assertThat(request("later", 1)).isPresent();
        assertThat(request("theirs", 2)).isPresent();
    }

    @Test
    void anIdleNodeEndsUnlessSomebodyHasIt() {
        Node ended = idle("ended", 1);
        Node used = idle("used", 1);
        nodes.stop("ended", "before", false, 4);
        assertThat(pooled.end(ended, "again", false, 5)).isFalse();
        says("used", DriverState.READY);
        taken("c");

        assertThat(pooled.end(used, "no longer idle", false, 5)).isFalse();
        assertThat(nodes.find("used").orElseThrow().usable()).isTrue();
        Node free = idle("free", 1);
        assertThat(pooled.end(free, "enough", true, 6)).isTrue();
        assertThat(nodes.find("free").orElseThrow().life().stopReason()).isEqualTo("enough");
    }

    @Test
    void nodesAreCountedByWhatTheyDo() {
        idle("starting", 1);
        idle("ready", 1);
        says("ready", DriverState.READY);
        Node used = idle("used", 1);
        says("used", DriverState.READY);
        database.transact(tx -> tx.execute(
                "update node set cluster_id = 'c' where workspace_id = 1 and node_id = {0}", DSL.val(used.nodeId())));
        idle("theirs", 2);

        assertThat(pooled.counts(1, List.of("p", "q"))).containsExactly(new Count("p", 1, 1, 1, 0));
        assertThat(pooled.counts(2, List.of("p"))).containsExactly(new Count("p", 0, 0, 1, 0));
        assertThat(pooled.counts(3, List.of("p"))).isEmpty();
        assertThat(pooled.parked(1)).isEqualTo(2);
        assertThat(pooled.parked(3)).isZero();
        assertThat(pooled.of(2, "p")).extracting(Node::nodeId).containsExactly("theirs");
    }

    private Optional<String> taken(String clusterId) {
        return pooled.take(new Taker(1, clusterId, 1), "p", SHAPE, 9).map(Node::nodeId);
    }

    private void says(String nodeId, DriverState state) {
        nodes.report(nodeId, new NodeStatus(state, null, 1, 0, null, List.of()), 3);
    }

    private Node idle(String nodeId, long workspaceId) {
        assertThat(request(nodeId, workspaceId)).isPresent();
        nodes.seen(nodeId, new ProviderNode.AgentProcess(7, 7));
        return nodes.find(nodeId).orElseThrow();
    }

    private Optional<Node> request(String nodeId, long workspaceId) {
        return pooled.request(new NodeStore.Intent(nodeId, workspaceId, null, 0, null, SHAPE, "hash"), "p", 1);
    }

    private void pool(long workspaceId, @Nullable Integer most) {
        database.transact(tx -> tx.execute(
                "insert into instance_pool (workspace_id, pool_id, name, node_type_id, min_idle, max_capacity,"
                        + " idle_minutes, settings, creator_user_id, creator_user_name, created_at)"
                        + " values ({0}, 'p', 'p', 'local.small', 0, {1}, 5, '{}', 1, 'ann', 1)",
                DSL.val(workspaceId), DSL.val(most)));
    }
}
