package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The changes of clusters for those who wait for them; nobody blocks a thread while waiting. */
public final class ClusterChanges {
    /** A change made by another process of this service is seen after this long. */
    private static final long LOOK_AGAIN_MILLIS = 2_000;

    private final ClusterStore clusters;
    private final Blocking blocking;
    private final Vertx vertx;
    private final Set<Promise<Void>> waiting = ConcurrentHashMap.newKeySet();

    public ClusterChanges(ClusterStore clusters, Blocking blocking, Vertx vertx) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.blocking = requireNonNull(blocking, "blocking");
        this.vertx = requireNonNull(vertx, "vertx");
        clusters.onChange(this::announce);
    }

    /** What changed after {@code since}, and the number to ask with next. */
    record Changes(long next, List<ClusterView> clusters) {}

    /** Answers as soon as there is a change, or after {@code waitMillis} without one. */
    Future<Changes> since(long since, long waitMillis) {
        long began = System.nanoTime();
        Promise<Void> signal = Promise.promise();
        // Registered before looking, so that no change falls between.
        waiting.add(signal);
        return blocking.call(() -> look(since))
                .compose(
                        found -> {
                            long left = waitMillis - (System.nanoTime() - began) / 1_000_000;
                            if (since == 0 || !found.clusters().isEmpty() || found.next() < since || left <= 0) {
                                waiting.remove(signal);
                                return Future.succeededFuture(found);
                            }
                            long timer = vertx.setTimer(
                                    Math.max(1, Math.min(left, LOOK_AGAIN_MILLIS)), id -> signal.tryComplete());
                            return signal.future().compose(woken -> {
                                vertx.cancelTimer(timer);
                                waiting.remove(signal);
                                return since(since, waitMillis - (System.nanoTime() - began) / 1_000_000);
                            });
                        },
                        failure -> {
                            waiting.remove(signal);
                            return Future.failedFuture(failure);
                        });
    }

    private Changes look(long since) {
        long next = clusters.changes();
        long from = since > next ? 0 : since;
        return new Changes(
                next, clusters.changedSince(from).stream().map(ClusterView::of).toList());
    }

    private void announce() {
        new ArrayList<>(waiting).forEach(Promise::tryComplete);
    }
}
