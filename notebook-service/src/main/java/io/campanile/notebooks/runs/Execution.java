package io.campanile.notebooks.runs;

import io.campanile.common.auth.InternalTokens;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.db.Database;
import io.campanile.common.http.Endpoints;
import io.campanile.notebooks.access.NotebookAccess;
import io.campanile.notebooks.compute.AttachmentStore;
import io.campanile.notebooks.compute.Cluster;
import io.campanile.notebooks.compute.ClusterClient;
import io.campanile.notebooks.compute.ClusterDirectory;
import io.campanile.notebooks.compute.ClusterFeed;
import io.campanile.notebooks.compute.ComputeChannel;
import io.campanile.notebooks.compute.ComputeFrames;
import io.campanile.notebooks.compute.ComputePart;
import io.campanile.notebooks.documents.DocumentReader;
import io.campanile.notebooks.documents.OutputsOfCells;
import io.campanile.notebooks.kernels.KernelChannel;
import io.campanile.notebooks.kernels.KernelPart;
import io.campanile.notebooks.kernels.KernelService;
import io.campanile.notebooks.live.Broadcaster;
import io.campanile.notebooks.live.ChannelFeature;
import io.campanile.notebooks.live.SnapshotPart;
import io.campanile.notebooks.nodes.NodeSecrets;
import io.campanile.notebooks.nodes.NodeStreams;
import io.campanile.notebooks.nodes.ResultUploads;
import io.campanile.notebooks.nodes.WorkRoutes;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that executes cells, put together; {@link #start} begins to work off what an earlier process left. */
public final class Execution implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final int LANE_THREADS = 6;
    private static final long LOOK_MILLIS = 1_000;

    private final RunStore runs;
    private final Lanes lanes;
    private final OutputFeed feed;
    private final ClusterDirectory clusters;
    private final ClusterFeed clusterFeed;
    private final WorkRoutes workRoutes;
    private final OutputRoutes outputRoutes;
    private final List<ChannelFeature> features;
    private final List<SnapshotPart> parts;
    private final OutputsOfCells outputs;
    private final SessionRuns sessions;
    private final ScheduledExecutorService loop;

    /** The process this runs in. */
    public record Host(Vertx vertx, InternalTokens tokens, Clock clock, Blocking blocking, Database database) {}

    /** The other features and services this works with. */
    public record Neighbours(
            DocumentReader documents,
            NotebookAccess access,
            Broadcaster broadcaster,
            ClusterClient clusters,
            ResultUploads uploads,
            NodeSecrets secrets) {}

    public Execution(Host host, Neighbours neighbours, RunService.Limits limits) {
        Clock clock = host.clock();
        Broadcaster broadcaster = neighbours.broadcaster();
        NodeStreams nodes = new NodeStreams();
        AttachmentStore attachments = new AttachmentStore(host.database(), clock);
        OutputStore outputStore = new OutputStore(host.database());
        RecordStore recordStore = new RecordStore(host.database());
        runs = new RunStore(host.database());
        feed = new OutputFeed(broadcaster);
        clusters = new ClusterDirectory(neighbours.clusters());
        clusterFeed = new ClusterFeed(clusters);
        ComputeFrames frames = new ComputeFrames(attachments, clusters, broadcaster, clock);
        KernelService kernels = new KernelService(host.database(), attachments, nodes, broadcaster, clock);
        KernelChannel questions = new KernelChannel(host.vertx(), kernels, nodes);
        Dispatcher dispatcher = new Dispatcher(
                runs, feed, nodes, kernels, new Dispatcher.Compute(clusters, attachments, frames), clock);
        lanes = new Lanes(LANE_THREADS, dispatcher::step);
        dispatcher.wakeWith(lanes::wake);
        RecordIntake intake = new RecordIntake(recordStore, feed, ended -> {
            dispatcher.forget(ended);
            lanes.wake(ended.key());
        });
        NodeDesk desk = new NodeDesk(
                new NodeDesk.Targets(runs, intake, kernels, questions, feed),
                this::wakeWorkspace,
                dispatcher::withdrawn);
        dispatcher.reportTo(desk);
        RunService service = new RunService(
                new RunService.Parts(runs, new BatchStore(), dispatcher, lanes, feed),
                neighbours.documents(),
                kernels,
                limits,
                clock);
        workRoutes = new WorkRoutes(
                new WorkRoutes.Wiring(host.vertx(), host.tokens(), clock, host.blocking()),
                nodes,
                desk,
                desk,
                neighbours.uploads(),
                neighbours.secrets());
        outputRoutes = new OutputRoutes(neighbours.access(), runs, outputStore, host.blocking());
        features = List.of(
                new RunChannel(service, runs, outputStore, feed),
                questions,
                new ComputeChannel(clusters, attachments, frames));
        parts = List.of(new RunSnapshot(runs, outputStore), new ComputePart(frames), new KernelPart(kernels));
        outputs = new NotebookOutputs(runs, outputStore, recordStore, service, attachments, clock);
        sessions = new SessionRuns(
                new SessionRuns.Parts(runs, outputStore, dispatcher, lanes, kernels), nodes, clusters, limits, clock);
        clusters.onChange(cluster -> changed(cluster, frames, kernels));
        loop = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "run-loop");
            thread.setDaemon(true);
            return thread;
        });
    }

    public List<ChannelFeature> features() {
        return features;
    }

    public List<SnapshotPart> parts() {
        return parts;
    }

    public OutputsOfCells outputs() {
        return outputs;
    }

    /** Runs that are no notebook's. */
    public SessionRuns sessions() {
        return sessions;
    }

    public void mount(Endpoints api) {
        workRoutes.mount(api);
        outputRoutes.mount(api);
    }

    /** Follows the clusters and looks at every queue that is not empty, at once and every second. */
    public void start() {
        clusterFeed.start();
        loop.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            runs.busyNotebooks().forEach(lanes::wake);
            clusters.announceMissed();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("The queues could not be looked at; the next look is in a second");
        }
    }

    private void changed(Cluster cluster, ComputeFrames frames, KernelService kernels) {
        wakeWorkspace(cluster.workspaceId());
        kernels.changed(cluster);
        frames.changed(cluster);
    }

    private void wakeWorkspace(long workspaceId) {
        runs.busyNotebooks().stream()
                .filter(key -> key.workspaceId() == workspaceId)
                .forEach(lanes::wake);
    }

    @Override
    public void close() {
        clusterFeed.close();
        loop.shutdownNow();
        workRoutes.close();
        lanes.close();
        clusters.close();
        feed.close();
    }
}
