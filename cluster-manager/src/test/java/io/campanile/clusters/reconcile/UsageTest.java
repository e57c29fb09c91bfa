package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.cost.CostRig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jooq.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Usage follows from the lives of nodes: whatever ends the manager where it is, nothing is lost and nothing twice. */
final class UsageTest {
    @TempDir
    Path dataDir;

    private Rig rig;
    private CostRig cost;

    @BeforeEach
    void open() {
        rig = new Rig(dataDir, ClusterConfig.defaults().withWarmPool(0));
        cost = new CostRig(rig.database, rig.clusterStore, rig.clock, "local.small -> 1, local.medium -> 2");
    }

    @AfterEach
    void close() {
        cost.close();
        rig.close();
    }

    @Test
    void whereverTheManagerIsKilledUsageIsWhatTheNodesLived() {
        Random random = new Random(20261127);
        List<String> points =
                List.of("", "list", "before create", "after create", "before terminate", "after terminate", "forget");
        String first = Clusters.create(rig.clusters, ADMIN, WorkersTest.spec(2), null);
        String second = rig.create();
        rig.settle();
        for (int round = 0; round < 25; round++) {
            String id = random.nextBoolean() ? first : second;
            rig.provider.crashAt(points.get(random.nextInt(points.size())));
            rig.links.deaf = random.nextInt(3) == 0;
            if (rig.cluster(id).state().stopped()) {
                Clusters.start(rig.clusters, ADMIN, id);
            } else if (rig.cluster(id).state().running()) {
                if (random.nextBoolean()) {
                    Clusters.terminate(rig.clusters, ADMIN, id);
                } else {
                    rig.provider.lose(rig.nodeOf(id).nodeId());
                }
            }
            rig.settle();
            rig.clock.advance(Duration.ofSeconds(random.nextInt(5_000)));
            if (random.nextInt(4) > 0) {
                cost.usage.settle(rig.clock.millis(), 1 + random.nextInt(6));
            }
            if (random.nextInt(4) == 0) {
                forgetHowFar();
            }
            assertThat(cost.millis(1)).as("round " + round).isEqualTo(lived());
        }
        rig.provider.crashAt("");
        cost.usage.settle(rig.clock.millis(), 1_000);

        assertThat(cost.millis(1)).isEqualTo(lived());
        assertThat(cost.rows(1)).hasSizeGreaterThan(25);
        List<String> rows = cost.rows(1);
        forgetHowFar();
        cost.usage.settle(rig.clock.millis(), 1_000);
        assertThat(cost.rows(1)).as("written again it is the same").isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({"insert, usage_hour, (select count(*) from usage_hour) > 2", "update, node, true"})
    void whatIsKilledBetweenTwoWritesIsDoneAgainAsAWhole(String write, String table, String when) {
        String id = rig.create();
        rig.settle();
        rig.clock.advance(Duration.ofHours(3));
        rig.allReady();
        Clusters.terminate(rig.clusters, ADMIN, id);
        rig.settle();
        var sql = rig.database.acrossWorkspaces("a test");
        sql.execute("create function killed() returns trigger language plpgsql as" + " $$ begin if " + when
                + " then raise exception 'killed here'; end if; return new; end $$");
        sql.execute(
                "create trigger killed after " + write + " on " + table + " for each row execute function killed()");

        assertThatThrownBy(() -> cost.usage.settle(rig.clock.millis(), 100)).hasMessageContaining("killed here");
        assertThat(cost.rows(1)).isEmpty();
        assertThat(cost.millis(1)).isEqualTo(lived());
        sql.execute("drop trigger killed on " + table);
        cost.usage.settle(rig.clock.millis(), 100);

        assertThat(cost.rows(1)).hasSizeGreaterThanOrEqualTo(4);
        assertThat(cost.millis(1)).isEqualTo(lived());
    }

    @Test
    void aNodeThatEndedBeforeTheHourDidIsNotCountedToItsEnd() {
        String id = rig.create();
        rig.settle();
        toTheNextHour();
        long hour = rig.clock.millis();
        cost.usage.settle(hour, 100);
        String node = rig.nodeOf(id).nodeId();

        // Somebody who looked a moment before the hour was over writes it down after.
        rig.nodes.stop(node, "a test", false, hour - 20);
        rig.nodes.gone(node, hour - 10);
        rig.provider.lose(node);
        cost.usage.settle(hour, 100);

        assertThat(cost.millis(1)).isEqualTo(lived());
    }

    @Test
    void aNodeThatNeverCameCostsNothing() {
        rig.provider.createFails(true);
        rig.create();
        rig.ticks(3);
        rig.clock.advance(Duration.ofHours(3));
        rig.ticks(3);

        cost.usage.settle(rig.clock.millis(), 100);

        assertThat(cost.millis(1)).isEmpty();
    }

    @Test
    void aNewPriceIsForWhatComesAndChangesNothingOfThePast() {
        String id = rig.create();
        rig.settle();
        toTheNextHour();
        rig.clock.advance(Duration.ofHours(2));
        cost.usage.settle(rig.clock.millis(), 100);
        List<String> before = cost.rows(1);

        try (CostRig dearer = new CostRig(rig.database, rig.clusterStore, rig.clock, "local.small -> 10")) {
            rig.clock.advance(Duration.ofHours(1));
            Clusters.terminate(rig.clusters, ADMIN, id);
            rig.settle();
            dearer.usage.settle(rig.clock.millis(), 100);

            assertThat(dearer.rows(1)).startsWith(before.toArray(String[]::new));
            assertThat(dearer.rows(1).stream().filter(row -> row.contains("\"price\":10")))
                    .hasSizeGreaterThanOrEqualTo(1);
            assertThat(before).noneMatch(row -> row.contains("\"price\":10"));
        }
    }

    private void toTheNextHour() {
        long left = 3_600_000 - rig.clock.millis() % 3_600_000;
        rig.clock.advance(Duration.ofMillis(left));
    }

    /** As if nothing of what was written had been noted: the next time it is all written again. */
    private void forgetHowFar() {
        rig.database.acrossWorkspaces("a test").execute("update node set usage_until = null where gone_at is not null");
        rig.database
                .acrossWorkspaces("a test")
                .execute("delete from usage_hour u using node n where n.node_id = u.node_id and n.usage_until is null");
    }

    /** By the rows of the nodes themselves. */
    private Map<String, Long> lived() {
        Map<String, Long> lived = new TreeMap<>();
        for (Record row : rig.database
                .acrossWorkspaces("a test")
                .fetch(
                        "select cluster_id, sum(coalesce(gone_at, ?) - assigned_at) as millis from node"
                                + " where cluster_id is not null and pid is not null group by cluster_id",
                        rig.clock.millis())) {
            long millis = row.get("millis", Long.class);
            if (millis > 0) {
                lived.put(row.get("cluster_id", String.class), millis);
            }
        }
        return lived;
    }
}
