package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.compute.Cluster;
import io.campanile.notebooks.compute.ClusterDirectory;
import io.campanile.notebooks.kernels.KernelService;
import io.campanile.notebooks.nodes.NodeStreams;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs of sessions that are no notebook's. They go through the same queue, kernels and records as cells, under a number
 * below zero, which no notebook has. Such a run is pinned to one life of its cluster: it starts none. Blocking.
 */
public final class SessionRuns {
    private final RunStore runs;
    private final BatchStore batches = new BatchStore();
    private final OutputStore outputs;
    private final Dispatcher dispatcher;
    private final Lanes lanes;
    private final KernelService kernels;
    private final NodeStreams nodes;
    private final ClusterDirectory clusters;
    private final RunService.Limits limits;
    private final Clock clock;

    /** A session by its number, which is above zero. */
    public record Session(long workspaceId, long number) {
        public Session {
            if (number < 1) {
                throw new IllegalArgumentException("A session's number is above zero: " + number);
            }
        }

        /** What stands in a notebook's place in the rows of its runs and results. */
        public long inPlaceOfNotebook() {
            return -number;
        }

        Lanes.Key key() {
            return new Lanes.Key(workspaceId, inPlaceOfNotebook());
        }
    }

    /** What to run. {@code runKey} is the caller's name for it, once in a session. */
    public record Order(
            Caller person,
            Session session,
            String clusterId,
            long epoch,
            String runKey,
            String language,
            String code) {}

    /** What a run showed, oldest first, as on the socket; {@code cut}: a record {@code elided} stands for what is left out. */
    public record Printed(List<JsonNode> outputs, boolean cut) {}

    /** Runs whose end was asked for, for {@link #canceled} after the commit. */
    public record Canceled(Session session, List<Run> waiting, List<Run> running) {
        public boolean nothing() {
            return waiting.isEmpty() && running.isEmpty();
        }
    }

    /** The machinery of runs. */
    record Parts(RunStore runs, OutputStore outputs, Dispatcher dispatcher, Lanes lanes, KernelService kernels) {}

    SessionRuns(Parts parts, NodeStreams nodes, ClusterDirectory clusters, RunService.Limits limits, Clock clock) {
        this.runs = parts.runs();
        this.outputs = parts.outputs();
        this.dispatcher = parts.dispatcher();
        this.lanes = parts.lanes();
        this.kernels = parts.kernels();
        this.nodes = requireNonNull(nodes, "nodes");
        this.clusters = requireNonNull(clusters, "clusters");
        this.limits = requireNonNull(limits, "limits");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Queues a run in the caller's transaction, which holds the session; {@link #wake} follows its commit. */
    public void enqueue(DSLContext tx, Order order) {
        BatchStore.Waiting waiting =
                batches.waiting(tx, order.session().key(), order.person().userId());
        if (waiting.ofNotebook() >= limits.ofNotebook() || waiting.ofUser() >= limits.ofUser()) {
            throw new ApiException(
                    ErrorCode.REQUEST_LIMIT_EXCEEDED,
                    "At most " + limits.ofNotebook() + " commands of a context and " + limits.ofUser()
                            + " runs of one person may wait at once; wait until some have ended, or cancel them");
        }
        runs.insertPinned(tx, order, clock.instant());
    }

    public void wake(Session session) {
        lanes.wake(session.key());
    }

    public Optional<Run> find(Session session, String runKey) {
        return runs.findByKey(session.key(), runKey);
    }

    /** What the run showed: printing up to {@code bytes} from both its ends, and of everything else the newest. */
    public Printed printed(Run run, long bytes) {
        OutputStore.Folded folded = outputs.folded(run.workspaceId(), run.runId(), 0, bytes / 2, bytes);
        List<JsonNode> shown = new ArrayList<>();
        folded.outputs().forEach(output -> shown.add(output.wire()));
        folded.elided()
                .forEach(gap -> shown.add(Json.MAPPER
                        .createObjectNode()
                        .put("kind", "elided")
                        .put("n", gap.from())
                        .put("bytes", gap.bytes())));
        shown.sort(Comparator.comparingLong(output -> output.path("n").asLong()));
        return new Printed(shown, !folded.elided().isEmpty());
    }

    /** Records the wish to end one run, or with null all of the session; {@link #canceled} follows the commit. */
    public Canceled cancel(DSLContext tx, Session session, @Nullable Long runId, String message) {
        List<Run> waiting = runs.cancelWaiting(tx, session.key(), runId, null, message, clock.instant());
        return new Canceled(session, waiting, runs.askCancel(tx, session.key(), runId));
    }

    /** Tells the nodes, in order with what is being sent to them. A node that is away hears of it when it is back. */
    public void canceled(Canceled canceled) {
        lanes.submit(canceled.session().key(), () -> canceled.running().forEach(dispatcher::sendCancel));
    }

    /** Ends the kernel of a session; what its runs showed stays. */
    public void release(Session session) {
        lanes.submit(session.key(), () -> {
            endAll(session);
            kernels.removed(session.workspaceId(), session.key().notebookId());
        });
    }

    /** Ends the kernel of a session and forgets its runs; then does {@code afterwards}. */
    public void erase(Session session, Runnable afterwards) {
        lanes.submit(session.key(), () -> {
            endAll(session);
            kernels.removed(session.workspaceId(), session.key().notebookId());
            runs.deleteAll(session.key());
            afterwards.run();
        });
    }

    private void endAll(Session session) {
        runs.database()
                .inTransaction(tx -> cancel(tx, session, null, "The session has ended"))
                .running()
                .forEach(dispatcher::sendCancel);
    }

    /** Whether the node of this life of a cluster can be spoken to. */
    public boolean connected(long workspaceId, String clusterId, long epoch) {
        return nodes.of(workspaceId, clusterId, epoch).isPresent();
    }

    /** The cluster as cluster-manager has it now; 404 when the workspace has none of this id. */
    public Cluster cluster(Caller person, String clusterId) {
        Cluster cluster = clusters.client().get(person, clusterId);
        if (cluster.workspaceId() != person.workspaceId()) {
            throw ApiException.notFound("Cluster " + clusterId + " does not exist");
        }
        clusters.learn(cluster);
        return cluster;
    }

    /** Told of every news of a cluster, after its runs were. */
    public void onClusterChange(Consumer<Cluster> listener) {
        clusters.onChange(listener);
    }
}
