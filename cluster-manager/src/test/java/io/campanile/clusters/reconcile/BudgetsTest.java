package io.campanile.clusters.reconcile;

import static io.campanile.clusters.reconcile.Rig.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.ClusterConfig;
import io.campanile.clusters.cluster.ClusterState;
import io.campanile.clusters.cluster.Clusters;
import io.campanile.clusters.cluster.EventType;
import io.campanile.clusters.cost.CostRig;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets refuse whatever makes nodes, and end what runs only after they have said so. */
final class BudgetsTest {
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", true, null, "request-1");
    private static final String DAY = "'name': 'a day', 'period': 'DAY', 'amount': 10";

    @TempDir
    Path dataDir;

    private Rig rig;
    private CostRig cost;

    @BeforeEach
    void open() {
        rig = new Rig(dataDir, ClusterConfig.defaults().withWarmPool(0));
        // The whole of a day is before us.
        Instant now = rig.clock.instant();
        rig.clock.advance(Duration.between(
                now, now.truncatedTo(java.time.temporal.ChronoUnit.DAYS).plus(Duration.ofDays(1))));
        cost = new CostRig(rig.database, rig.clusterStore, rig.clock, "local.small -> 1, local.medium -> 2");
    }

    @AfterEach
    void close() {
        cost.close();
        rig.close();
    }

    @Test
    void everyPathThatMakesNodesIsRefusedUntilTheBudgetIsRaised() {
        String running = running(WorkersTest.spec(1));
        String stopped = running(Rig.spec("local.small"));
        Clusters.terminate(rig.clusters, ADMIN, stopped);
        rig.settle();
        String budget = cost.budget("{" + DAY + ", 'thresholds': [{'percent': 100, 'action': 'REFUSE'}]}");
        runFor(Duration.ofHours(6));
        assertThat(cost.spent(budget)).isGreaterThan(new java.math.BigDecimal(10));

        refused(() -> rig.create()).hasMessageContaining("Budget \"a day\" (the workspace) refuses this: 1");
        refused(() -> rig.create()).hasMessageContaining("of 10.00 EUR are spent today. It refuses until 20");
        refused(() -> Clusters.start(rig.clusters, ADMIN, stopped));
        refused(() -> Clusters.restart(rig.clusters, ADMIN, running));
        refused(() -> Clusters.resize(rig.sizes, ADMIN, running, 2, false));
        refused(() -> Clusters.edit(rig.clusters, ADMIN, WorkersTest.spec(3), running));
        refused(() -> Clusters.defaultOf(rig.clusters, ADMIN, true));
        refused(() -> Clusters.ensureRunning(rig.clusters, rig.cluster(stopped)));
        // What costs less is not refused, and what runs goes on.
        Clusters.edit(rig.clusters, ADMIN, Rig.spec("local.small"), stopped);
        assertThat(rig.cluster(running).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(rig.cluster(stopped).state()).isEqualTo(ClusterState.TERMINATED);

        cost.change(budget, "{'amount': 100}");

        Clusters.start(rig.clusters, ADMIN, stopped);
        Clusters.resize(rig.sizes, ADMIN, running, 2, false);
        rig.settle();
        assertThat(rig.cluster(stopped).state()).isEqualTo(ClusterState.RUNNING);
        cost.change(budget, "{'amount': 1}");
        refused(() -> rig.create());
        Clusters.resize(rig.sizes, ADMIN, running, 1, false);
        cost.delete(budget);
        rig.create();
    }

    @Test
    void aNewDayBeginsWithNothingSpent() {
        running(Rig.spec("local.small"));
        cost.budget("{" + DAY + ", 'thresholds': [{'percent': 100, 'action': 'REFUSE'}]}");
        runFor(Duration.ofHours(11));
        refused(() -> rig.create());

        runFor(Duration.ofHours(13).plusMinutes(1));

        rig.create();
    }

    @Test
    void budgetsOfAPersonAndOfATagAreAboutTheirClustersAlone() {
        String mine = cost.budget("{'name': 'ann', 'scope': 'USER', 'user_name': 'ann@example.com', 'period': 'DAY',"
                + " 'amount': 2, 'thresholds': [{'percent': 100, 'action': 'REFUSE'}]}");
        String team = cost.budget("{'name': 'team', 'scope': 'TAG', 'tag_key': 'team', 'tag_value': 'red',"
                + " 'period': 'DAY', 'amount': 4, 'thresholds': [{'percent': 100, 'action': 'REFUSE'}]}");
        running(Rig.spec("local.small"));
        Clusters.create(rig.clusters, BOB, tagged("red"), null);
        rig.settle();
        runFor(Duration.ofHours(3));
        cost.usage.settle(rig.clock.millis(), 100);

        refused(() -> rig.create()).hasMessageContaining("Budget \"ann\" (ann@example.com)");
        Clusters.create(rig.clusters, BOB, tagged("blue"), null);
        assertThat(cost.spent(mine)).isBetween(new java.math.BigDecimal("3"), new java.math.BigDecimal("3.1"));
        assertThat(cost.spent(team)).isBetween(new java.math.BigDecimal("3"), new java.math.BigDecimal("3.1"));
        runFor(Duration.ofHours(1));
        refused(() -> Clusters.create(rig.clusters, BOB, tagged("red"), null))
                .hasMessageContaining("Budget \"team\" (tag team: red)");
    }

    @Test
    void ofManyStartsAtOnceOnlyThoseSucceedThatTheBudgetCanAfford() throws Exception {
        // Ten minutes of six small nodes are 1.0.
        cost.budget(
                "{'name': 'six', 'period': 'DAY', 'amount': 1, 'thresholds': [{'percent': 100, 'action': 'REFUSE'}]}");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch go = new CountDownLatch(1);
            List<Future<Boolean>> starts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                starts.add(threads.submit(() -> {
                    go.await();
                    try {
                        rig.create();
                        return true;
                    } catch (ApiException refusal) {
                        assertThat(refusal.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT_EXCEEDED);
                        assertThat(refusal)
                                .hasMessageContaining(
                                        "costs 7.00 EUR an hour, which is more than is left for 10 minutes");
                        return false;
                    }
                }));
            }
            go.countDown();
            int made = 0;
            for (Future<Boolean> start : starts) {
                made += start.get() ? 1 : 0;
            }

            assertThat(made).isEqualTo(6);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatScalesDoesNotGrowBeyondItsBudgetAndSaysSoOnce() {
        ObjectNode spec = Rig.spec("local.small");
        spec.remove("num_workers");
        spec.putObject("autoscale").put("min_workers", 1).put("max_workers", 4);
        String budget = cost.budget(
                "{'name': 'small', 'period': 'DAY', 'amount': 0.5, 'thresholds': [{'percent': 100, 'action': 'REFUSE'}]}");
        String id = running(spec);

        rig.spark.pendingTasks = 1_000;
        rig.settle();
        rig.settle();

        assertThat(rig.workersOf(id)).hasSize(1);
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        assertThat(Clusters.details(rig.clusters, ADMIN, id, EventType.ADD_NODES_FAILED))
                .singleElement()
                .satisfies(details -> assertThat(String.valueOf(details.get("did_not_expand_reason")))
                        .contains("Budget \"small\""));

        cost.change(budget, "{'amount': 50}");
        rig.settle();
        rig.settle();

        assertThat(rig.workersOf(id)).hasSize(4);
    }

    @Test
    void whatRunsIsToldAndEndedWhenTheTimeOfGraceIsOver() {
        String id = running(Rig.spec("local.small"));
        cost.budget("{" + DAY + ", 'grace_minutes': 30, 'thresholds': [{'percent': 50, 'action': 'NOTIFY'},"
                + " {'percent': 80, 'action': 'REFUSE'}, {'percent': 100, 'action': 'STOP'}]}");
        cost.watch.look();
        assertThat(cost.notices()).isEmpty();

        runFor(Duration.ofHours(6));
        cost.watch.look();
        cost.watch.look();
        assertThat(cost.notices()).containsExactly(id + " NOTIFY");
        assertThat(notices(id))
                .singleElement()
                .satisfies(details -> assertThat(details)
                        .containsEntry("budget_name", "a day")
                        .containsEntry("budget_action", "NOTIFY")
                        .containsEntry("currency", "EUR"));

        runFor(Duration.ofHours(4).plusMinutes(5));
        cost.watch.look();
        assertThat(cost.notices()).containsExactly(id + " NOTIFY", id + " REFUSE", id + " STOP");
        assertThat(String.valueOf(notices(id).get(2).get("message"))).contains("this cluster is terminated at 20");
        runFor(Duration.ofMinutes(29));
        cost.watch.look();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);

        runFor(Duration.ofMinutes(2));
        cost.watch.look();
        rig.settle();

        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATED);
        assertThat(rig.termination(id).code()).isEqualTo("BUDGET_POLICY_LIMIT_ENFORCEMENT_ACTIVATED");
        assertThat(rig.termination(id).parameters().get("databricks_error_message"))
                .startsWith("Terminated by budget \"a day\" (the workspace): 10.");
        assertThat(notices(id)).hasSize(3);
        refused(() -> Clusters.start(rig.clusters, ADMIN, id));
        cost.watch.look();
        assertThat(cost.notices()).isEmpty();
    }

    @Test
    void aBudgetThatIsRaisedInTimeEndsNothingAndGivesANewTimeOfGrace() {
        String id = running(Rig.spec("local.small"));
        String budget =
                cost.budget("{" + DAY + ", 'grace_minutes': 30, 'thresholds': [{'percent': 100, 'action': 'STOP'}]}");
        runFor(Duration.ofHours(10).plusMinutes(1));
        cost.watch.look();
        assertThat(cost.notices()).containsExactly(id + " STOP");

        cost.change(budget, "{'amount': 11}");
        cost.watch.look();
        assertThat(cost.notices()).isEmpty();
        runFor(Duration.ofMinutes(40));
        cost.watch.look();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);

        runFor(Duration.ofMinutes(30));
        cost.watch.look();
        runFor(Duration.ofMinutes(20));
        cost.watch.look();
        assertThat(rig.cluster(id).state()).as("told at 11.0").isEqualTo(ClusterState.RUNNING);
        runFor(Duration.ofMinutes(11));
        cost.watch.look();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.TERMINATING);
    }

    @Test
    void withoutPricesNothingIsSpentAndNothingIsRefused() {
        try (CostRig free = new CostRig(rig.database, rig.clusterStore, rig.clock, "")) {
            free.budget("{" + DAY + ", 'thresholds': [{'percent': 1, 'action': 'STOP'}]}");
            String id = running(Rig.spec("local.small"));
            runFor(Duration.ofHours(20));
            free.watch.look();

            assertThat(free.notices()).isEmpty();
            Clusters.restart(rig.clusters, ADMIN, id);
            rig.create();
        }
    }

    private String running(ObjectNode spec) {
        String id = Clusters.create(rig.clusters, ADMIN, spec, null);
        rig.settle();
        assertThat(rig.cluster(id).state()).isEqualTo(ClusterState.RUNNING);
        return id;
    }

    private static ObjectNode tagged(String team) {
        ObjectNode spec = Rig.spec("local.small");
        spec.putObject("custom_tags").put("team", team);
        return spec;
    }

    /** Its drivers work all the time, and are heard. */
    private void runFor(Duration time) {
        rig.clock.advance(time);
        rig.allReady();
        rig.tick();
        rig.allReady();
    }

    private List<Map<String, Object>> notices(String id) {
        return Clusters.details(rig.clusters, ADMIN, id, EventType.BUDGET_NOTICE);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT_EXCEEDED));
    }
}
