package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.IntSupplier;

/** Ends every cluster and the warm pool, and waits for their processes without holding a thread. */
public final class Shutdown {
    private static final long LOOK_EVERY_MILLIS = 200;

    private final ClusterService clusters;
    private final IntSupplier liveNodes;
    private final Blocking blocking;
    private final Vertx vertx;

    /** {@code liveNodes}: how many nodes still exist. */
    public Shutdown(ClusterService clusters, IntSupplier liveNodes, Blocking blocking, Vertx vertx) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.liveNodes = requireNonNull(liveNodes, "liveNodes");
        this.blocking = requireNonNull(blocking, "blocking");
        this.vertx = requireNonNull(vertx, "vertx");
    }

    /** How many clusters were asked to end, and how many nodes had not when the wait was over. */
    public record Result(int stopping, int remainingNodes) {}

    public Future<Result> run(long waitMillis) {
        long until = System.nanoTime() + waitMillis * 1_000_000;
        return blocking.call(clusters::stopAll).compose(stopping -> await(stopping, until));
    }

    private Future<Result> await(int stopping, long until) {
        return blocking.call(liveNodes::getAsInt).compose(remaining -> {
            if (remaining == 0 || System.nanoTime() - until >= 0) {
                return Future.succeededFuture(new Result(stopping, remaining));
            }
            return vertx.timer(LOOK_EVERY_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS)
                    .compose(later -> await(stopping, until));
        });
    }
}
