package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.compute.Cluster;
import io.campanile.notebooks.compute.ClusterState;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets a run the cluster it waits for. What cluster-manager answers comes later, on a thread of its own. */
final class ClusterStarts {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterStarts.class);

    private final RunStore runs;
    private final OutputFeed feed;
    private final Dispatcher.Compute compute;
    private final RunEnds ends;
    private final Consumer<Lanes.Key> wake;

    /** @param wake has a notebook's queue looked at again */
    ClusterStarts(RunStore runs, OutputFeed feed, Dispatcher.Compute compute, RunEnds ends, Consumer<Lanes.Key> wake) {
        this.runs = requireNonNull(runs, "runs");
        this.feed = requireNonNull(feed, "feed");
        this.compute = requireNonNull(compute, "compute");
        this.ends = requireNonNull(ends, "ends");
        this.wake = requireNonNull(wake, "wake");
    }

    /**
     * The cluster is not there yet: starts it once for this run, and fails the run when that does not succeed. True when
     * the queue may go on.
     */
    boolean await(Run run, String clusterId, @Nullable Cluster cluster) {
        boolean asked = run.computeAsked() && clusterId.equals(run.clusterId());
        if (cluster != null && cluster.state().isDown() && asked) {
            ends.fail(run, "The cluster could not be started", cluster.explanation());
            return true;
        }
        boolean onItsWay = cluster != null && !cluster.state().isDown() && cluster.state() != ClusterState.TERMINATING;
        show(run, clusterId, asked || onItsWay);
        if (cluster == null || cluster.state().isDown()) {
            askToStart(run, clusterId);
        }
        return false;
    }

    /** Nothing is attached to the notebook: its person's default cluster will be. */
    void askForDefault(Run run) {
        show(run, null, false);
        compute.clusters()
                .ask(
                        "default " + run.workspaceId() + " " + run.userId() + " " + run.notebookId(),
                        () -> compute.clusters().client().defaultCluster(run.person(), true),
                        cluster -> {
                            compute.attachments()
                                    .attach(run.workspaceId(), run.notebookId(), run.userId(), cluster.clusterId());
                            compute.frames().attached(run.workspaceId(), run.notebookId(), run.userId());
                            started(run, cluster);
                        },
                        refused -> refused(run, null, refused));
    }

    private void askToStart(Run run, String clusterId) {
        compute.clusters()
                .ask(
                        "ensure " + clusterId,
                        () -> compute.clusters().client().ensureRunning(run.person(), clusterId),
                        cluster -> started(run, cluster),
                        refused -> refused(run, clusterId, refused));
    }

    private void started(Run run, Cluster cluster) {
        if (cluster.state() != ClusterState.TERMINATING) {
            show(run, cluster.clusterId(), true);
        }
        wake.accept(run.key());
    }

    private void refused(Run run, @Nullable String clusterId, ApiException refused) {
        if (refused.code().httpStatus() >= 500 || refused.code() == ErrorCode.REQUEST_LIMIT_EXCEEDED) {
            LOG.atWarn()
                    .addKeyValue("runId", run.runId())
                    .addKeyValue("reason", refused.getMessage())
                    .log("The cluster of a run cannot be started yet; it will be tried again");
            return;
        }
        if (clusterId != null && refused.code() == ErrorCode.RESOURCE_DOES_NOT_EXIST) {
            compute.attachments().detach(run.workspaceId(), run.notebookId(), run.userId(), clusterId);
            compute.frames().attached(run.workspaceId(), run.notebookId(), run.userId());
            ends.fail(run, "The attached cluster does not exist any more", "run again to use your default cluster");
        } else {
            ends.fail(run, "The cluster could not be started", String.valueOf(refused.getMessage()));
        }
        wake.accept(run.key());
    }

    /** Shows that a run waits, and for which cluster. */
    private void show(Run run, @Nullable String clusterId, boolean computeAsked) {
        runs.starting(run, clusterId, computeAsked).ifPresent(feed::run);
    }
}
