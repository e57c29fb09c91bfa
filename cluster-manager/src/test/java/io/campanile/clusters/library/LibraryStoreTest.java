package io.campanile.clusters.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterService;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.cluster.PoolOffers;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.clusters.policy.PolicyStore;
import io.campanile.clusters.pool.PoolService;
import io.campanile.clusters.pool.PoolStore;
import io.campanile.clusters.reconcile.NodesOfPools;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestDatabase;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The SQL of libraries, with a second workspace that finds nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LibraryStoreTest {
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller EVE = new Caller(2, 7, "eve@example.com", true, null, "request-1");
    private static final Library JAR = library("{\"jar\":\"dbfs:/a.jar\"}");
    private static final Library MAVEN = library("{\"maven\":{\"coordinates\":\"a:b:1\"}}");

    private final Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager");
    private final SettableClock clock = new SettableClock();
    private final ClusterStore clusterStore = new ClusterStore(database);
    private final ClusterService clusters = new ClusterService(
            clusterStore,
            new PolicyService(new PolicyStore(database), clock),
            new PoolService(
                    new PoolStore(database),
                    new NodesOfPools(new NodeStore(database)),
                    new PoolOffers(),
                    clock,
                    () -> {}),
            4,
            clock,
            () -> {});
    private final LibraryStore store = new LibraryStore(database, clock);

    LibraryStoreTest() {
        database.transact(tx -> tx.execute("insert into deployment values (1, 'test', 0)"));
        clusterStore.attach(store);
    }

    @AfterAll
    void stop() {
        database.close();
    }

    @Test
    void whatIsTakenOffStaysWithTheDriverThatHasIt() {
        Cluster cluster = cluster(ANN);
        change(cluster, tx -> store.insert(tx, cluster, JAR, null, 1));
        change(cluster, tx -> store.insert(tx, cluster, MAVEN, null, 0));
        change(cluster, tx -> store.insert(tx, cluster, MAVEN, "policy", 7));

        assertThat(labels(cluster, cluster.epoch())).containsExactly("a:b:1", "dbfs:/a.jar");
        change(cluster, tx -> LibraryStore.remove(tx, cluster, JAR));
        assertThat(labels(cluster, cluster.epoch())).containsExactly("a:b:1", "dbfs:/a.jar");
        assertThat(labels(cluster, cluster.epoch() + 1)).containsExactly("a:b:1");
        change(cluster, tx -> LibraryStore.renew(tx, cluster, JAR, null, 2));
        assertThat(labels(cluster, cluster.epoch() + 1)).containsExactly("a:b:1", "dbfs:/a.jar");
        assertThat(store.of(1, cluster.clusterId(), 1))
                .extracting(ClusterLibrary::attempt)
                .containsExactly(1, 2);
        change(cluster, tx -> LibraryStore.remove(tx, cluster, JAR));
        change(cluster, tx -> LibraryStore.forgetRemoved(tx, cluster));
        assertThat(labels(cluster, cluster.epoch())).containsExactly("a:b:1", "dbfs:/a.jar");
    }

    @Test
    void anotherWorkspaceFindsAndChangesNothing() {
        Cluster ours = cluster(ANN);
        Cluster theirs = cluster(EVE);
        change(ours, tx -> store.insert(tx, ours, JAR, null, 0));
        Cluster forged = forged(ours, theirs);

        assertThat(store.clusters(1)).contains(ours.clusterId()).doesNotContain(theirs.clusterId());
        assertThat(store.clusters(2)).doesNotContain(ours.clusterId());
        assertThat(store.of(2, ours.clusterId(), 1)).isEmpty();
        change(forged, tx -> {
            assertThat(LibraryStore.list(tx, 2, ours.clusterId())).isEmpty();
            LibraryStore.remove(tx, forged, JAR);
            LibraryStore.renew(tx, forged, JAR, "policy", 9);
            LibraryStore.forgetRemoved(tx, forged);
            assertThat(ClusterStore.lock(tx, 2, ours.clusterId())).isEmpty();
        });
        assertThat(store.of(1, ours.clusterId(), 1))
                .extracting(ClusterLibrary::attempt, ClusterLibrary::removedEpoch)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(1, null));
    }

    @Test
    void theyGoWithTheirCluster() {
        Cluster cluster = cluster(ANN);
        change(cluster, tx -> store.insert(tx, cluster, JAR, null, 0));

        Clusters.deleteForGood(clusters, ANN, cluster.clusterId());

        assertThat(store.clusters(1)).doesNotContain(cluster.clusterId());
    }

    /** A cluster of the second workspace with the id of one of the first. */
    private static Cluster forged(Cluster ours, Cluster theirs) {
        return new Cluster(
                ours.clusterId(),
                theirs.workspaceId(),
                theirs.owner(),
                false,
                theirs.source(),
                null,
                theirs.spec(),
                theirs.desired(),
                theirs.generation(),
                theirs.observedGeneration(),
                theirs.status(),
                theirs.createdAt(),
                null,
                null);
    }

    private Cluster cluster(Caller caller) {
        var spec = Json.MAPPER
                .createObjectNode()
                .put("cluster_name", "of a test")
                .put("spark_version", "4.0.x-scala2.13")
                .put("node_type_id", "local.small")
                .put("num_workers", 0);
        String id = Clusters.create(clusters, caller, spec, null);
        return clusterStore.find(caller.workspaceId(), id).orElseThrow();
    }

    private void change(Cluster cluster, Consumer<DSLContext> work) {
        database.transact(work::accept);
    }

    private List<String> labels(Cluster cluster, long epoch) {
        return store.of(cluster.workspaceId(), cluster.clusterId(), epoch).stream()
                .map(one -> one.library().label())
                .toList();
    }

    private static Library library(String json) {
        return Library.of(Json.read(json, JsonNode.class));
    }
}
