package io.campanile.notebooks.kernels;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.compute.AttachmentStore;
import io.campanile.notebooks.compute.Cluster;
import io.campanile.notebooks.live.Broadcaster;
import io.campanile.notebooks.nodes.NodeIdentity;
import io.campanile.notebooks.nodes.NodeStream;
import io.campanile.notebooks.nodes.NodeStreams;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.DSLContext;

/** The rules of kernels: one for each notebook and cluster, its state as its node reports it. Blocking. */
public final class KernelService {
    private final KernelStore store;
    private final AttachmentStore attachments;
    private final NodeStreams nodes;
    private final Broadcaster broadcaster;
    private final Clock clock;

    public KernelService(
            Database database, AttachmentStore attachments, NodeStreams nodes, Broadcaster broadcaster, Clock clock) {
        this.store = new KernelStore(database);
        this.attachments = requireNonNull(attachments, "attachments");
        this.nodes = requireNonNull(nodes, "nodes");
        this.broadcaster = requireNonNull(broadcaster, "broadcaster");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The kernel to run on, in the transaction that gives a run to it. */
    public Kernel ensure(DSLContext tx, long workspaceId, long notebookId, String clusterId, long epoch) {
        return store.ensure(tx, new KernelStore.Place(workspaceId, notebookId, clusterId), epoch, clock.instant());
    }

    /** The kernel a run was given to. */
    public Kernel find(long workspaceId, long notebookId, String clusterId) {
        return store.find(new KernelStore.Place(workspaceId, notebookId, clusterId))
                .orElseThrow(() -> new IllegalStateException("Notebook " + notebookId + " has no kernel row"));
    }

    /** The kernel of this person's cluster for this notebook, if there ever was one. */
    public Optional<Kernel> of(long workspaceId, long notebookId, long userId) {
        return attachments
                .clusterOf(workspaceId, notebookId, userId)
                .flatMap(cluster -> store.find(new KernelStore.Place(workspaceId, notebookId, cluster)));
    }

    /** The Kernel of the wire as this person sees it. */
    public ObjectNode shown(long workspaceId, long notebookId, long userId) {
        return of(workspaceId, notebookId, userId)
                .map(Kernel::wire)
                .orElseGet(() -> Json.MAPPER.createObjectNode().put("state", Kernel.NONE));
    }

    /** Starts this person's kernel anew: variables and the Spark session are gone. False when there is none. */
    public boolean restart(Caller caller, long notebookId) {
        long workspaceId = caller.workspaceId();
        Optional<Kernel> restarted = attachments
                .clusterOf(workspaceId, notebookId, caller.userId())
                .flatMap(cluster -> store.restart(
                        caller, new KernelStore.Place(workspaceId, notebookId, cluster), clock.instant()));
        restarted.ifPresent(kernel -> {
            nodes.of(workspaceId, kernel.clusterId()).ifPresent(node -> send(node, kernel));
            announce(kernel);
        });
        return restarted.isPresent();
    }

    /** What a node said of its kernels when it connected: the truth, to which ours gives way. */
    public void connected(NodeStream stream, List<WorkMessage.KernelInfo> reported) {
        NodeIdentity node = stream.node();
        List<Kernel> known = store.ofCluster(node.workspaceId(), node.clusterId());
        Set<String> ours = known.stream().map(Kernel::kernelId).collect(Collectors.toSet());
        for (WorkMessage.KernelInfo kernel : reported) {
            if (!ours.contains(kernel.kernelId())) {
                stream.send(new WorkMessage.StopKernel(kernel.kernelId()));
            } else {
                report(node, kernel);
            }
        }
        Set<String> still =
                reported.stream().map(WorkMessage.KernelInfo::kernelId).collect(Collectors.toSet());
        store.gone(node.workspaceId(), node.clusterId(), still, clock.instant()).forEach(this::announce);
    }

    /** A kernel changed its state. */
    public void report(NodeIdentity node, WorkMessage.KernelInfo kernel) {
        store.report(
                        node.workspaceId(),
                        node.clusterId(),
                        kernel.kernelId(),
                        kernel.state().name().toLowerCase(Locale.ROOT),
                        kernel.reason(),
                        clock.instant())
                .ifPresent(this::announce);
    }

    /** With a cluster that is down its kernels are gone. */
    public void changed(Cluster cluster) {
        if (cluster.state().isDown()) {
            store.gone(cluster.workspaceId(), cluster.clusterId(), Set.of(), clock.instant())
                    .forEach(this::announce);
        }
    }

    /** The notebook is deleted: its kernels end, now or when their node comes back. */
    public void removed(long workspaceId, long notebookId) {
        for (Kernel kernel : store.ofNotebook(workspaceId, notebookId)) {
            nodes.of(workspaceId, kernel.clusterId())
                    .ifPresent(node -> node.send(new WorkMessage.StopKernel(kernel.kernelId())));
        }
        store.deleteAll(workspaceId, notebookId);
    }

    private static void send(NodeStream node, Kernel kernel) {
        node.send(new WorkMessage.RestartKernel(kernel.kernelId(), kernel.sessionId()));
    }

    private void announce(Kernel kernel) {
        if (!broadcaster.watched(kernel.workspaceId(), kernel.notebookId())) {
            return;
        }
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "kernel");
        frame.set("kernel", kernel.wire());
        for (AttachmentStore.Attached who : attachments.of(kernel.workspaceId(), kernel.clusterId())) {
            if (who.notebookId() == kernel.notebookId()) {
                broadcaster.toPerson(kernel.workspaceId(), kernel.notebookId(), who.userId(), frame.deepCopy());
            }
        }
    }
}
