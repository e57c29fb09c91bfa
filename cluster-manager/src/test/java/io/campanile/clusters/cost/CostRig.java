package io.campanile.clusters.cost;

import io.campanile.clusters.cluster.BudgetWatch;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.json.Json;
import io.campanile.common.testing.KnownPrincipals;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prices, usage and budgets on the database of a test, whose clusters are governed from now on. */
public final class CostRig implements AutoCloseable {
    private static final Caller ANN =
            new Caller(1, 7, "ann@example.com", true, null, "request-1").doing("budgets.test");

    private final Database database;
    private final Clock clock;
    private final PriceStore prices;
    private final BudgetStore budgets;
    private final BudgetService service;
    public final UsageStore usage;
    public final BudgetWatch watch;

    public CostRig(Database database, ClusterStore clusters, Clock clock, String priceList) {
        this.database = database;
        this.clock = clock;
        Prices list = Prices.of(priceList, "EUR");
        this.prices = new PriceStore(database, list);
        prices.note(clock.millis());
        this.usage = new UsageStore(database, prices);
        this.budgets = new BudgetStore(database, prices, "EUR");
        NoticeStore notices = new NoticeStore(database);
        this.service = new BudgetService(
                budgets,
                notices,
                new KnownPrincipals()
                        .with(1, 7, PrincipalKind.USER, "ann@example.com")
                        .with(1, 8, PrincipalKind.USER, "bob@example.com"),
                clock);
        clusters.governedBy(new BudgetGateStore(prices, list, Duration.ofMinutes(10), clock));
        this.watch = new BudgetWatch(clusters, new BudgetLook(budgets, notices, "EUR"), clock, () -> {});
    }

    /** {@code body}: as the route takes it, with apostrophes for quotes. */
    public String budget(String body) {
        return service.create(ANN, read(body)).budgetId();
    }

    public void change(String budgetId, String body) {
        service.update(ANN, budgetId, read(body));
    }

    public void delete(String budgetId) {
        service.delete(ANN, budgetId);
    }

    private static BudgetBody read(String body) {
        return Json.read(body.replace('\'', '"'), BudgetBody.class);
    }

    public BigDecimal spent(String budgetId) {
        return service.get(ANN, budgetId).spent();
    }

    /** What is told to clusters now: cluster, action. */
    public List<String> notices() {
        return service.notices(ANN).stream()
                .map(notice -> notice.clusterId() + " " + notice.action())
                .sorted()
                .toList();
    }

    /** Milliseconds by cluster of all time, as reports say. */
    public Map<String, Long> millis(long workspaceId) {
        UsageQuery all = new UsageQuery(workspaceId, 0, Long.MAX_VALUE, null, null);
        Map<String, Long> millis = new TreeMap<>();
        new ReportStore(database, prices)
                .sums(all, new Grouping(Grouping.By.CLUSTER, null), clock.millis())
                .forEach((key, sum) -> millis.merge(key.id(), sum.millis(), Long::sum));
        return millis;
    }

    /** The rows that are written, as a text. */
    public List<String> rows(long workspaceId) {
        return new ReportStore(database, prices)
                .rows(new UsageQuery(workspaceId, 0, Long.MAX_VALUE, null, null), null, 10_000).stream()
                        .map(Json::write)
                        .toList();
    }

    @Override
    public void close() {
        watch.close();
    }
}
