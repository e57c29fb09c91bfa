package io.campanile.clusters;

import io.campanile.clusters.cluster.ClusterAccess;
import io.campanile.clusters.metric.UsageKeeper;
import io.campanile.clusters.metric.UsageRoutes;
import io.campanile.clusters.metric.UsageService;
import io.campanile.clusters.metric.UsageStore;
import io.campanile.clusters.node.NodeStore;
import io.campanile.clusters.node.UsageListener;
import io.campanile.common.db.Database;
import io.campanile.common.http.Endpoints;
import java.time.Clock;

/** What gathers and shows the measurements of nodes, wired together. */
final class MetricParts implements AutoCloseable {
    private final UsageService usage;
    private final UsageKeeper keeper;

    MetricParts(Database database, NodeStore nodes, ClusterAccess access, Clock clock) {
        this.usage = new UsageService(new UsageStore(database), nodes, access, clock);
        this.keeper = new UsageKeeper(usage);
    }

    UsageListener listener() {
        return usage;
    }

    void mount(Endpoints api) {
        new UsageRoutes(usage).mount(api);
    }

    void start() {
        keeper.start();
    }

    @Override
    public void close() {
        keeper.close();
    }
}
