package io.campanile.clusters.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.clusters.provider.NodeShape;
import io.campanile.clusters.provider.ProviderNode;
import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import java.util.List;
import java.util.Map;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes of drivers and of workers, beside those of another workspace. */
final class NodeStoreTest {
    private static final NodeShape DRIVER = new NodeShape("local.small", 1024, "4.0.1", Map.of(), Map.of());
    private static final NodeShape WORKER = new NodeShape("local.small", 1024, "4.0.1", Map.of(), Map.of(), 2);

    private Database database;
    private NodeStore nodes;

    @BeforeEach
    void open() {
        database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager");
        nodes = new NodeStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void workersAreFoundByTheirClusterEpochAndRole() {
        request("d", 1, 1, null);
        Node worker = request("w", 1, 1, 0);
        request("other", 1, 2, 0);

        assertThat(worker.worker()).isTrue();
        assertThat(worker.executorId()).isZero();
        assertThat(worker.shape()).isEqualTo(WORKER);
        assertThat(nodes.ofEpoch(1, "c", 1, NodeRole.WORKER))
                .extracting(Node::nodeId)
                .containsExactly("w");
        assertThat(nodes.ofEpoch(1, "c", 1, NodeRole.DRIVER))
                .extracting(Node::nodeId)
                .containsExactly("d");
    }

    @Test
    void anotherWorkspaceFindsAndChangesNothing() {
        request("w", 1, 1, 0);

        nodes.leave(2, "w", 5);

        assertThat(nodes.ofEpoch(2, "c", 1, NodeRole.WORKER)).isEmpty();
        assertThat(nodes.usable(2, "c")).isEmpty();
        assertThat(nodes.workers().past(2, "c", 1, 0)).isEqualTo(new WorkerStore.Past(-1, 0, List.of()));
        assertThat(nodes.usable(1, "c")).containsExactly("w");
        assertThat(nodes.find("w").orElseThrow().leaving()).isFalse();
    }

    @Test
    void theFirstTimeAWorkerIsAskedToLeaveStays() {
        request("w", 1, 1, 0);

        nodes.leave(1, "w", 5);
        nodes.leave(1, "w", 9);

        assertThat(nodes.find("w").orElseThrow().life().leavingSince()).isEqualTo(5);
        nodes.stop("w", "left", false, 10);
        assertThat(nodes.usable(1, "c")).isEmpty();
    }

    @Test
    void aReasonThatIsLongerThanItsColumnIsCut() {
        request("w", 1, 1, 0);

        nodes.stop("w", "It failed. " + "x".repeat(5_000), true, 10);

        assertThat(nodes.find("w").orElseThrow().life().stopReason())
                .hasSize(4_096)
                .startsWith("It failed. x");
    }

    @Test
    void workersThatEndedLongAgoAreOnlyCounted() {
        for (int id = 0; id < 4; id++) {
            request("w" + id, 1, 1, id);
            if (id != 1) {
                nodes.seen("w" + id, new ProviderNode.AgentProcess(7, 7));
            }
        }
        request("driver", 1, 1, null);
        request("another epoch", 1, 2, 9);
        nodes.stop("w0", "lost long ago", true, 10);
        nodes.stop("w1", "never came, long ago", true, 10);
        nodes.stop("w3", "lost lately", true, 20);
        List.of("w0", "w1", "w3").forEach(nodeId -> nodes.gone(nodeId, 30));

        WorkerStore.Past past = nodes.workers().past(1, "c", 1, 20);

        assertThat(past.highestExecutorId()).isEqualTo(3);
        assertThat(past.lost()).isEqualTo(2);
        assertThat(past.recent()).extracting(Node::nodeId).containsExactly("w2", "w3");
    }

    @Test
    void workersWhoseExecutorsServeAreFoundByTheirClusters() {
        request("w", 1, 1, 0);
        request("starts", 1, 1, 1);
        request("d", 1, 1, null);
        for (String nodeId : List.of("w", "d")) {
            nodes.report(nodeId, new NodeStatus(DriverState.READY, null, 0, 0, null, List.of()), 40);
        }

        assertThat(nodes.workers().serving(1, List.of("c", "other")))
                .containsExactly(new WorkerStore.Serving("w", "c", 1, 40));
        assertThat(nodes.workers().serving(1, List.of("other"))).isEmpty();
        assertThat(nodes.workers().serving(1, List.of())).isEmpty();
        assertThat(nodes.workers().serving(2, List.of("c"))).isEmpty();
    }

    @Test
    void noTwoNodesOfAnEpochHaveOneExecutorId() {
        request("w", 1, 1, 0);

        assertThatThrownBy(() -> request("twice", 1, 1, 0)).isInstanceOf(IntegrityConstraintViolationException.class);
        request("next", 1, 1, 1);
        request("another epoch", 1, 2, 0);
        request("first driver", 1, 1, null);
        request("second driver", 1, 1, null);
    }

    @Test
    void aWorkerIsNeverTakenForThePool() {
        request("w", 1, 1, 0);
        nodes.seen("w", new ProviderNode.AgentProcess(7, 7));

        assertThat(nodes.takeFromPool(2, "d", 1, WORKER, 5)).isEmpty();
    }

    private Node request(String nodeId, long workspaceId, long epoch, @Nullable Integer executorId) {
        NodeShape shape = executorId == null ? DRIVER : WORKER;
        return nodes.request(new NodeStore.Intent(nodeId, workspaceId, "c", epoch, executorId, shape, "hash"), 1);
    }
}
