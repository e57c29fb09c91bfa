package io.campanile.clusters;

import io.campanile.clusters.cluster.ClusterAccess;
import io.campanile.clusters.log.LogFiles;
import io.campanile.clusters.log.LogRetention;
import io.campanile.clusters.log.LogRoutes;
import io.campanile.clusters.log.LogService;
import io.campanile.clusters.log.LogStore;
import io.campanile.clusters.log.LogSweep;
import io.campanile.clusters.log.NodeLogRoutes;
import io.campanile.clusters.node.NodeService;
import io.campanile.clusters.node.NodeStore;
import io.campanile.common.db.Database;
import io.campanile.common.service.ServiceEnvironment;
import io.campanile.common.service.ServiceHttp;
import io.vertx.core.Vertx;
import java.io.IOException;

/** What keeps and shows the logs of nodes, wired together. */
final class LogParts implements AutoCloseable {
    private static final long SEGMENT = 4L << 20;

    private final LogFiles files;
    private final LogService logs;
    private final LogSweep sweep;

    LogParts(
            ServiceEnvironment environment,
            Database database,
            NodeStore nodes,
            ClusterAccess access,
            ClusterConfig.Logs config) {
        LogStore store = new LogStore(database);
        // Some files of a cluster's share, so that little goes at once.
        this.files = new LogFiles(environment.dataDir(), Math.min(SEGMENT, Math.max(1, config.clusterBytes() / 16)));
        LogRetention retention = new LogRetention(store, files, config.clusterBytes());
        this.logs = new LogService(store, files, retention, nodes, access, config.nodeRate(), environment.clock());
        this.sweep = new LogSweep(retention, config.keep(), environment.clock());
    }

    void mount(ServiceHttp http, NodeService nodes, Vertx vertx) {
        new NodeLogRoutes(logs, nodes, http.blocking()).mount(http.endpoints());
        new LogRoutes(logs, http.blocking(), vertx).mount(http.endpoints());
    }

    void start() {
        sweep.start();
    }

    /** The workspace is gone, and its logs with it. */
    void erase(long workspaceId) throws IOException {
        files.deleteAll(workspaceId);
    }

    @Override
    public void close() {
        sweep.close();
    }
}
