package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ErrorCode;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.compute.AttachmentStore;
import io.campanile.notebooks.compute.Cluster;
import io.campanile.notebooks.compute.ClusterDirectory;
import io.campanile.notebooks.compute.ComputeFrames;
import io.campanile.notebooks.kernels.Kernel;
import io.campanile.notebooks.kernels.KernelService;
import io.campanile.notebooks.nodes.NodeStream;
import io.campanile.notebooks.nodes.NodeStreams;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the head of a notebook's queue on, one step at a time, from what the database says: it may be called again at
 * any moment, and after a restart of this service it goes on where it was. Runs on the notebook's lane.
 */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MOST_STEPS = 2_000;

    private final RunStore runs;
    private final OutputFeed feed;
    private final NodeStreams nodes;
    private final KernelService kernels;
    private final Compute compute;
    private final Clock clock;
    private final RunEnds ends;
    private final ClusterStarts starts;
    /** Which connection was told of a run: after a reconnect it is told again. */
    private final Map<Long, NodeStream> told = new ConcurrentHashMap<>();

    private volatile Consumer<Lanes.Key> wake = key -> {};
    private volatile Consumer<Run> given = run -> {};
    private volatile Consumer<Run> ended = run -> {};

    /** Clusters as the dispatcher needs them. */
    record Compute(ClusterDirectory clusters, AttachmentStore attachments, ComputeFrames frames) {}

    Dispatcher(RunStore runs, OutputFeed feed, NodeStreams nodes, KernelService kernels, Compute compute, Clock clock) {
        this.runs = requireNonNull(runs, "runs");
        this.feed = requireNonNull(feed, "feed");
        this.nodes = requireNonNull(nodes, "nodes");
        this.kernels = requireNonNull(kernels, "kernels");
        this.compute = requireNonNull(compute, "compute");
        this.clock = requireNonNull(clock, "clock");
        this.ends = new RunEnds(runs, feed, clock, this::forget);
        this.starts = new ClusterStarts(runs, feed, compute, ends, key -> wake.accept(key));
    }

    /** How to have a notebook looked at again. */
    void wakeWith(Consumer<Lanes.Key> waker) {
        this.wake = requireNonNull(waker, "waker");
    }

    /** Who keeps track of the runs that nodes have. */
    void reportTo(NodeDesk desk) {
        this.given = desk::given;
        this.ended = desk::ended;
    }

    /** Does what is due for a notebook. */
    void step(Lanes.Key key) {
        for (int steps = 0; steps < MOST_STEPS; steps++) {
            Optional<Run> head = runs.head(key);
            if (head.isEmpty()) {
                return;
            }
            Run run = head.get();
            boolean again = run.dispatched() ? watch(run) : advance(run);
            if (!again) {
                return;
            }
        }
    }

    /** A run has ended, whoever ended it. */
    void forget(Run run) {
        told.remove(run.runId());
        ended.accept(run);
    }

    /** A node would not have a run: it waits as if it had never been given to one. */
    void withdrawn(Run run) {
        forget(run);
        LOG.atInfo().addKeyValue("runId", run.runId()).log("Run declined by its node; it waits for the next");
        if (run.cancelAsked()) {
            ends.end(run, RunState.CANCELED, "The run was canceled");
        } else {
            feed.run(run);
        }
        wake.accept(run.key());
    }

    /** Tells the node of a run to end it; when the node is away it hears of it when it is back. */
    void sendCancel(Run run) {
        node(run).ifPresent(node -> node.send(new WorkMessage.Cancel(run.runId())));
    }

    /** A run that a node has: is that node still there, and does it know? True when the queue may go on. */
    private boolean watch(Run run) {
        String clusterId = requireNonNull(run.clusterId(), "clusterId");
        long epoch = requireNonNull(run.epoch(), "epoch");
        Optional<Cluster> cluster = compute.clusters().find(run.workspaceId(), clusterId);
        if (cluster.isPresent()) {
            String gone = lossOf(cluster.get(), epoch, run);
            if (gone != null) {
                return lose(run, gone);
            }
        }
        Optional<NodeStream> node = nodes.of(run.workspaceId(), clusterId, epoch);
        if (node.isEmpty()) {
            ask(run, clusterId);
            return false;
        }
        return settle(run, node.get());
    }

    private static @Nullable String lossOf(Cluster cluster, long epoch, Run run) {
        String when = run.pinned() == null ? " while the cell ran" : " before the command ended";
        if (cluster.epoch() > epoch) {
            return "The cluster was restarted" + when;
        }
        if (cluster.epoch() == epoch && cluster.state().isDown()) {
            String why = cluster.explanation();
            return "The cluster stopped" + when + (why.isEmpty() ? "" : ": " + why);
        }
        return null;
    }

    /** Brings a connection that was not told of a run into agreement; never lets a run begin twice. */
    private boolean settle(Run read, NodeStream node) {
        if (told.get(read.runId()) == node) {
            return false;
        }
        // It may have ended or been declined since it was read, and was forgotten for that reason: the row knows.
        Optional<Run> now = runs.find(read.workspaceId(), read.runId())
                .filter(run -> run.dispatched() && !run.state().ended());
        if (now.isEmpty()) {
            return true;
        }
        Run run = now.get();
        if (node.knew(run.runId())) {
            told.put(run.runId(), node);
        } else if (run.lastSeq() > 0) {
            return lose(run, "The node of the cluster was lost while the cell ran");
        } else {
            // No record of it was ever stored and the node did not speak of it: the order never arrived.
            Kernel kernel = kernels.find(
                    run.workspaceId(), run.notebookId(), node.node().clusterId());
            execute(new RunStore.Given(run, runs.work(run)), kernel, node);
        }
        if (run.cancelAsked()) {
            node.send(new WorkMessage.Cancel(run.runId()));
        }
        return false;
    }

    private boolean lose(Run run, String why) {
        RunState end = run.cancelAsked() ? RunState.CANCELED : RunState.LOST;
        ends.end(run, end, why);
        return true;
    }

    /** The node is away, or newer than what is known: cluster-manager is asked; its answer wakes the queue. */
    private void ask(Run run, String clusterId) {
        compute.clusters().refresh(run.person(), clusterId, refused -> {
            if (refused.code() == ErrorCode.RESOURCE_DOES_NOT_EXIST && (run.dispatched() || run.pinned() != null)) {
                lose(run, "The cluster was deleted" + (run.dispatched() ? " while the cell ran" : ""));
                wake.accept(run.key());
            }
        });
    }

    /** A run that no node has: what does it wait for? True when the queue may go on. */
    private boolean advance(Run run) {
        Long pinned = run.pinned();
        if (pinned != null) {
            return advancePinned(run, pinned);
        }
        Optional<Run> spoiler = runs.spoiler(run);
        if (spoiler.isPresent()) {
            return cancelRest(run, spoiler.get());
        }
        Optional<String> attached = compute.attachments().clusterOf(run.workspaceId(), run.notebookId(), run.userId());
        if (attached.isEmpty()) {
            starts.askForDefault(run);
            return false;
        }
        String clusterId = attached.get();
        Optional<NodeStream> node = nodes.of(run.workspaceId(), clusterId);
        Optional<Cluster> cluster = compute.clusters().find(run.workspaceId(), clusterId);
        boolean down = cluster.filter(known -> known.state().isDown()).isPresent();
        if (node.isPresent() && node.get().declining() && !down) {
            // Its driver is gone. What becomes of the cluster wakes the queue.
            ask(run, clusterId);
            return false;
        }
        if (node.isPresent() && ready(cluster, node.get())) {
            return dispatch(run, clusterId, node.get());
        }
        if (node.isPresent()
                && cluster.isPresent()
                && cluster.get().epoch() < node.get().node().epoch()) {
            // What is known of the cluster is older than its node.
            ask(run, clusterId);
            return false;
        }
        return starts.await(run, clusterId, cluster.orElse(null));
    }

    /** It runs in the life of the cluster that it was asked for in, or not at all: no cluster is started for it. */
    private boolean advancePinned(Run run, long epoch) {
        String clusterId = requireNonNull(run.clusterId(), "clusterId");
        Optional<Cluster> cluster = compute.clusters().find(run.workspaceId(), clusterId);
        String gone = cluster.isPresent() ? lossOf(cluster.get(), epoch, run) : null;
        if (gone != null) {
            return lose(run, gone);
        }
        Optional<NodeStream> node = nodes.of(run.workspaceId(), clusterId, epoch);
        if (node.isPresent() && !node.get().declining() && ready(cluster, node.get())) {
            return dispatch(run, clusterId, node.get());
        }
        ask(run, clusterId);
        return false;
    }

    /** A node that connects proves its cluster; cluster-manager may be away, but what it did say is heeded. */
    private static boolean ready(Optional<Cluster> cluster, NodeStream node) {
        return cluster.isEmpty()
                || (cluster.get().state().takesWork()
                        && cluster.get().epoch() == node.node().epoch());
    }

    private boolean dispatch(Run run, String clusterId, NodeStream node) {
        long epoch = node.node().epoch();
        Optional<Order> dispatched = runs.database().inTransaction(tx -> {
            Kernel kernel = kernels.ensure(tx, run.workspaceId(), run.notebookId(), clusterId, epoch);
            return runs.dispatch(tx, run, clusterId, kernel.kernelId(), epoch).map(taken -> new Order(taken, kernel));
        });
        if (dispatched.isEmpty()) {
            return true;
        }
        Run taken = dispatched.get().run().run();
        given.accept(taken);
        execute(dispatched.get().run(), dispatched.get().kernel(), node);
        feed.run(taken);
        return false;
    }

    private record Order(RunStore.Given run, Kernel kernel) {}

    private void execute(RunStore.Given order, Kernel kernel, NodeStream node) {
        Run run = order.run();
        var frame = new WorkMessage.Execute(
                run.runId(),
                kernel.kernelId(),
                kernel.sessionId(),
                run.notebookId(),
                order.work().notebookPath(),
                run.language(),
                order.work().code());
        // Noted before it is sent: its end may be back before the next line, and must find it here.
        told.put(run.runId(), node);
        node.send(frame);
        LOG.atInfo()
                .addKeyValue("runId", run.runId())
                .addKeyValue("clusterId", node.node().clusterId())
                .addKeyValue("epoch", node.node().epoch())
                .log("Run sent to its node");
    }

    private boolean cancelRest(Run run, Run spoiler) {
        String why = switch (spoiler.state()) {
            case OK -> "The notebook exited before it";
            case CANCELED -> "A cell before it was canceled";
            default -> "A cell before it failed";
        };
        runs.cancelWaiting(run.key(), null, run.batch(), why, clock.instant()).forEach(feed::run);
        return true;
    }

    private Optional<NodeStream> node(Run run) {
        String clusterId = run.clusterId();
        Long epoch = run.epoch();
        return clusterId == null || epoch == null ? Optional.empty() : nodes.of(run.workspaceId(), clusterId, epoch);
    }
}
