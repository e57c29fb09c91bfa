package io.campanile.clusters.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.clusters.provider.NodeShape;
import io.campanile.clusters.provider.ProviderNode;
import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
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
        assertThat(nodes.usable(2)).isEmpty();
        assertThat(nodes.usable(1))
                .singleElement()
                .satisfies(node -> assertThat(node.leaving()).isFalse());
    }

    @Test
    void theFirstTimeAWorkerIsAskedToLeaveStays() {
        request("w", 1, 1, 0);

        nodes.leave(1, "w", 5);
        nodes.leave(1, "w", 9);

        assertThat(nodes.usable(1))
                .singleElement()
                .satisfies(node -> assertThat(node.life().leavingSince()).isEqualTo(5));
        nodes.stop("w", "left", false, 10);
        assertThat(nodes.usable(1)).isEmpty();
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
