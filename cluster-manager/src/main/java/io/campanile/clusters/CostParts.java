package io.campanile.clusters;

import io.campanile.clusters.cluster.BudgetWatch;
import io.campanile.clusters.cluster.ClusterService;
import io.campanile.clusters.cluster.ClusterStore;
import io.campanile.clusters.cluster.PriceRoutes;
import io.campanile.clusters.cost.BudgetGateStore;
import io.campanile.clusters.cost.BudgetLook;
import io.campanile.clusters.cost.BudgetRoutes;
import io.campanile.clusters.cost.BudgetService;
import io.campanile.clusters.cost.BudgetStore;
import io.campanile.clusters.cost.NoticeStore;
import io.campanile.clusters.cost.PriceStore;
import io.campanile.clusters.cost.Prices;
import io.campanile.clusters.cost.ReportStore;
import io.campanile.clusters.cost.UsageRoutes;
import io.campanile.clusters.cost.UsageService;
import io.campanile.clusters.cost.UsageStore;
import io.campanile.common.db.Database;
import io.campanile.common.directory.Directory;
import io.campanile.common.service.ServiceHttp;
import java.time.Clock;

/** Prices, usage and budgets, put together. */
final class CostParts implements AutoCloseable {
    private final Database database;
    private final Clock clock;
    private final Prices prices;
    private final PriceStore priceStore;
    private final BudgetStore budgets;
    private final NoticeStore notices;
    private final BudgetWatch watch;

    /** From now on {@code clusters} start and grow as budgets let them; {@code wake} wakes the reconciler. */
    CostParts(Database database, ClusterConfig.Cost config, ClusterStore clusters, Clock clock, Runnable wake) {
        this.database = database;
        this.clock = clock;
        this.prices = config.priceList();
        this.priceStore = new PriceStore(database, prices);
        this.budgets = new BudgetStore(database, priceStore, prices.currency());
        this.notices = new NoticeStore(database);
        priceStore.note(clock.millis());
        clusters.governedBy(new BudgetGateStore(priceStore, prices, config.ahead(), clock));
        this.watch = new BudgetWatch(clusters, new BudgetLook(budgets, notices, prices.currency()), clock, wake);
    }

    UsageStore usage() {
        return new UsageStore(database, priceStore);
    }

    void mount(ServiceHttp http, ClusterService clusters, Directory directory) {
        new UsageRoutes(new UsageService(new ReportStore(database, priceStore), clock), prices, http.blocking())
                .mount(http.endpoints());
        new BudgetRoutes(new BudgetService(budgets, notices, directory, clock), prices.currency())
                .mount(http.endpoints());
        new PriceRoutes(clusters, prices).mount(http.endpoints());
    }

    void start() {
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }
}
