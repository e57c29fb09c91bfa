package io.campanile.clusters.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Usage and budgets of one workspace, with a second one that has a likeness of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UsageStoreTest {
    private static final String START = "2026-03-01T22:30:00Z";

    private final SettableClock clock = new SettableClock(Instant.parse(START));
    private final Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager");
    private final Prices list = Prices.of("small -> 1", "EUR");
    private final PriceStore prices = new PriceStore(database, list);
    private final UsageStore usage = new UsageStore(database, prices);
    private final ReportStore reports = new ReportStore(database, prices);
    private final BudgetStore budgets = new BudgetStore(database, prices, "EUR");
    private final NoticeStore notices = new NoticeStore(database);
    private final UsageService service = new UsageService(reports, clock);

    /** Three hours and a half of two nodes that are there, and one hour of one that is gone; in both workspaces. */
    @BeforeAll
    void live() {
        prices.note(clock.millis());
        prices.note(clock.millis());
        for (long workspace : new long[] {1, 2}) {
            cluster(workspace, "c1", 7, "ann@example.com", "{\"custom_tags\":{\"team\":\"red\"}}");
            cluster(workspace, "c2", 8, "bob@example.com", "{\"custom_tags\":{\"Creator\":\"eve\"}}");
            node(workspace, "n1", "c1", "small", null);
            node(workspace, "n2", "c2", "unpriced", null);
            node(workspace, "n3", "c2", "small", clock.millis() + 3_600_000);
        }
        clock.advance(Duration.ofMinutes(210));
        usage.settle(clock.millis(), 100);
        usage.settle(clock.millis(), 100);
    }

    @AfterAll
    void stop() {
        database.close();
    }

    @Test
    void whatIsOverIsWrittenAndTheRestIsCountedAsItIs() {
        assertThat(reports.rows(all(1, null), null, 100))
                .extracting(row -> row.nodeId() + " " + Instant.ofEpochMilli(row.hourAt()) + " " + row.millis() / 1000)
                .containsExactly(
                        "1n1 2026-03-01T22:00:00Z 1800",
                        "1n2 2026-03-01T22:00:00Z 1800",
                        "1n3 2026-03-01T22:00:00Z 1800",
                        "1n1 2026-03-01T23:00:00Z 3600",
                        "1n2 2026-03-01T23:00:00Z 3600",
                        "1n3 2026-03-01T23:00:00Z 1800",
                        "1n1 2026-03-02T00:00:00Z 3600",
                        "1n2 2026-03-02T00:00:00Z 3600",
                        "1n1 2026-03-02T01:00:00Z 3600",
                        "1n2 2026-03-02T01:00:00Z 3600");
        assertThat(reports.open(all(1, null), clock.millis())).isEmpty();
        assertThat(reports.open(all(1, null), clock.millis() + 60_000))
                .extracting(row -> row.nodeId() + " " + row.millis())
                .containsExactly("1n1 60000", "1n2 60000");
    }

    @Test
    void sumsAreOfOneWorkspaceWhateverTheyAreBy() {
        long now = clock.millis() + 1_800_000;

        assertThat(sums(1, "day", null, now))
                .containsExactly(
                        Map.entry(Long.toString(at("2026-03-01T00:00:00Z")), "14400 2.500000"),
                        Map.entry(Long.toString(at("2026-03-02T00:00:00Z")), "18000 2.500000"));
        assertThat(sums(1, "cluster", null, now))
                .containsExactly(Map.entry("c1", "14400 4.000000"), Map.entry("c2", "18000 1.000000"));
        assertThat(sums(1, "user", null, now))
                .containsExactly(Map.entry("7", "14400 4.000000"), Map.entry("8", "18000 1.000000"));
        assertThat(sums(1, "tag", "team", now))
                .containsExactly(Map.entry("", "18000 1.000000"), Map.entry("red", "14400 4.000000"));
        assertThat(sums(1, "tag", "Creator", now))
                .as("nobody passes for somebody else")
                .containsOnlyKeys("ann@example.com", "bob@example.com");
        assertThat(sums(1, "node_type", null, now))
                .containsExactly(Map.entry("small", "18000 5.000000"), Map.entry("unpriced", "14400 null"));
        assertThat(sums(1, "tag", "'); drop table usage_hour; --", now)).containsOnlyKeys("");
        assertThat(sums(3, "day", null, now)).isEmpty();
    }

    @Test
    void peopleSeeTheirOwnAndAdministratorsAll() {
        UsageService.Wish wish = new UsageService.Wish(at("2026-03-01T00:00:00Z"), null, false, null);
        UsageService.Wish own = new UsageService.Wish(at("2026-03-01T00:00:00Z"), null, true, null);
        Grouping byUser = Grouping.of("user", null);

        assertThat(names(service.report(caller(7, true), wish, byUser, 0, 10)))
                .containsExactly("ann@example.com", "bob@example.com");
        assertThat(names(service.report(caller(7, true), own, byUser, 0, 10))).containsExactly("ann@example.com");
        assertThat(names(service.report(caller(8, false), wish, byUser, 0, 10))).containsExactly("bob@example.com");
        UsageService.Report first = service.report(caller(7, true), wish, byUser, 0, 1);
        assertThat(first.more()).isTrue();
        assertThat(first.totals())
                .singleElement()
                .satisfies(total -> assertThat(total.sum().amount()).isEqualByComparingTo("4.5"));
        assertThat(service.report(caller(7, true), wish, byUser, 1, 1).more()).isFalse();
        assertThat(exported(caller(8, false), wish)).isNotEmpty().allMatch(row -> row.contains(",bob@example.com,"));
        assertThatThrownBy(
                        () -> service.report(caller(7, true), new UsageService.Wish(5L, 4L, false, null), byUser, 0, 1))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void anExportHasEveryRowOnceThoughItIsWrittenDownMeanwhile() {
        UsageService.Wish wish =
                new UsageService.Wish(at("2026-03-01T00:00:00Z"), at("2026-03-09T00:00:00Z"), false, "c1");
        UsageService.Reading reading = service.read(caller(7, true), wish);
        List<UsageRow> rows = new ArrayList<>(reading.next(2));

        for (List<UsageRow> piece = reading.next(2); !piece.isEmpty(); piece = reading.next(2)) {
            rows.addAll(piece);
        }

        assertThat(rows).extracting(UsageRow::hourAt).doesNotHaveDuplicates();
        assertThat(rows.stream().mapToLong(UsageRow::millis).sum()).isEqualTo(210 * 60_000);
    }

    @Test
    void namesThatBeginAFormulaDoNotInATable() {
        UsageRow row = new UsageRow(
                "n",
                0,
                new UsageRow.Of("c", "=cmd|' /C calc'!A0", 7, "a,\"b\"", Map.of("k", "v")),
                "small",
                "WORKER",
                1_500,
                new BigDecimal("0.5"),
                "EUR");

        assertThat(UsageExport.CSV.lines(List.of(row)))
                .isEqualTo("1970-01-01T00:00:00Z,c,'=cmd|' /C calc'!A0,7,\"a,\"\"b\"\"\",n,small,worker,1.500,0.5,"
                        + "0.000208,EUR,\"{\"\"k\"\":\"\"v\"\"}\"\r\n");
        assertThat(UsageExport.JSON.lines(List.of(row))).startsWith("{\"hour\":\"1970-01-01T00:00:00Z\"");
    }

    @Test
    void budgetsAndNoticesAreOfOneWorkspace() {
        Budget budget = budget(1, "b1", "mine");
        assertThat(budgets.insert(budget, caller(7, true))).isTrue();
        assertThat(budgets.insert(budget(1, "b2", "mine"), caller(7, true))).isFalse();
        assertThat(budgets.insert(budget(2, "b1", "mine"), new Caller(2, 7, "ann", true, null, "r").doing("test")))
                .isTrue();
        Notice notice = new Notice(1, "b1", "c1", Budget.Action.STOP, 5, 6, 7L);
        database.transact(tx -> NoticeStore.tell(tx, notice));

        assertThat(budgets.find(1, "b1")).contains(budget);
        assertThat(budgets.find(3, "b1")).isEmpty();
        assertThat(budgets.standings(1, clock.millis()))
                .singleElement()
                .satisfies(standing -> assertThat(standing.spent())
                        .as("three and a half hours of ann's node and one of bob's")
                        .isEqualByComparingTo("4.5"));
        assertThat(notices.of(1)).containsExactly(notice);
        assertThat(notices.of(2)).isEmpty();
        assertThat(notices.shown(1, null)).hasSize(1);
        assertThat(notices.shown(1, 8L)).isEmpty();
        assertThat(notices.shown(2, null)).isEmpty();
        assertThat(notices.workspaces()).containsExactly(1L, 2L);

        assertThat(budgets.delete(budgets.find(1, "b1").orElseThrow(), caller(7, true)))
                .isTrue();

        assertThat(notices.of(1)).isEmpty();
        assertThat(budgets.find(2, "b1")).isPresent();
    }

    private static Budget budget(long workspaceId, String id, String name) {
        return new Budget(
                id,
                workspaceId,
                new Budget.Terms(
                        name,
                        Budget.Scope.WORKSPACE,
                        Budget.Period.MONTH,
                        new BigDecimal("10.000000"),
                        List.of(new Budget.Threshold(100, Budget.Action.STOP)),
                        15),
                "ann@example.com",
                1,
                2);
    }

    private List<String> exported(Caller caller, UsageService.Wish wish) {
        return UsageExport.CSV
                .lines(service.read(caller, wish).next(100))
                .lines()
                .toList();
    }

    private static List<String> names(UsageService.Report report) {
        return report.lines().stream().map(line -> line.key().name()).toList();
    }

    private Map<String, String> sums(long workspaceId, String by, @Nullable String tag, long now) {
        Map<String, String> sums = new TreeMap<>();
        reports.sums(all(workspaceId, null), Grouping.of(by, tag), now)
                .forEach((key, sum) -> sums.put(key.id(), sum.millis() / 1000 + " " + sum.amount()));
        return sums;
    }

    private static UsageQuery all(long workspaceId, @Nullable Long owner) {
        return new UsageQuery(workspaceId, 0, Long.MAX_VALUE, owner, null);
    }

    private static Caller caller(long userId, boolean admin) {
        return new Caller(1, userId, "somebody", admin, null, "request-1").doing("test");
    }

    private static long at(String time) {
        return Instant.parse(time).toEpochMilli();
    }

    private void cluster(long workspaceId, String id, long owner, String name, String spec) {
        database.acrossWorkspaces("a test")
                .execute("""
                insert into cluster (cluster_id, workspace_id, owner_user_id, owner_user_name, is_default, source, spec,
                desired, generation, observed_generation, state, state_message, state_since, epoch, start_attempts,
                start_failed, driver_silent, created_at, change_seq, cluster_name)
                values (?, ?, ?, ?, false, 'API', ?, 'TERMINATED', 1, 1, 'TERMINATED', '', 0, 1, 0, false, false, 0, 0, ?)
                """, workspaceId == 1 ? id : "x" + id, workspaceId, owner, name, spec, "cluster " + id);
    }

    private void node(long workspaceId, String id, String cluster, String type, @Nullable Long gone) {
        database.acrossWorkspaces("a test")
                .execute(
                        """
                insert into node (node_id, workspace_id, cluster_id, epoch, shape, state, secret_hash, pid,
                process_started, missing_looks, requested_at, assigned_at, lost, gone_at)
                values (?, ?, ?, 1, ?, ?, '', 5, 5, 0, ?, ?, false, ?)
                """,
                        workspaceId + id,
                        workspaceId,
                        workspaceId == 1 ? cluster : "x" + cluster,
                        "{\"node_type_id\":\"" + type + "\",\"heap_mb\":1,\"runtime\":\"4\",\"spark_conf\":{}}",
                        gone == null ? "LAUNCHED" : "GONE",
                        clock.millis(),
                        clock.millis(),
                        gone);
    }
}
