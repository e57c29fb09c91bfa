package io.campanile.notebooks.compute;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.live.Broadcaster;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows each person the cluster their own runs of a notebook go to. */
public final class ComputeFrames {
    private final AttachmentStore attachments;
    private final ClusterDirectory clusters;
    private final Broadcaster broadcaster;
    private final Clock clock;

    public ComputeFrames(AttachmentStore attachments, ClusterDirectory clusters, Broadcaster broadcaster, Clock clock) {
        this.attachments = requireNonNull(attachments, "attachments");
        this.clusters = requireNonNull(clusters, "clusters");
        this.broadcaster = requireNonNull(broadcaster, "broadcaster");
        this.clock = requireNonNull(clock, "clock");
    }

    /** A cluster changed: everybody who uses it and looks at a notebook is told. Blocking. */
    public void changed(Cluster cluster) {
        for (AttachmentStore.Attached who : attachments.of(cluster.workspaceId(), cluster.clusterId())) {
            if (broadcaster.watched(cluster.workspaceId(), who.notebookId())) {
                send(cluster.workspaceId(), who.notebookId(), who.userId(), compute(cluster.clusterId(), cluster));
            }
        }
    }

    /** Somebody's cluster for a notebook is another one now. Blocking. */
    public void attached(long workspaceId, long notebookId, long userId) {
        if (broadcaster.watched(workspaceId, notebookId)) {
            send(workspaceId, notebookId, userId, of(workspaceId, notebookId, userId));
        }
    }

    /** The Compute of the wire as this person sees it. Blocking. */
    public ObjectNode of(long workspaceId, long notebookId, long userId) {
        Optional<String> cluster = attachments.clusterOf(workspaceId, notebookId, userId);
        return cluster.map(id -> compute(id, clusters.find(workspaceId, id).orElse(null)))
                .orElseGet(this::none);
    }

    private void send(long workspaceId, long notebookId, long userId, ObjectNode compute) {
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "compute");
        frame.set("compute", compute);
        broadcaster.toPerson(workspaceId, notebookId, userId, frame);
    }

    private ObjectNode none() {
        return Json.MAPPER
                .createObjectNode()
                .putNull("cluster_id")
                .put("data_state", "off")
                .put("server_time", clock.millis());
    }

    /** A cluster nobody has spoken of since this service started is down: the feed begins with all that are not. */
    private ObjectNode compute(String clusterId, @Nullable Cluster cluster) {
        ObjectNode node = Json.MAPPER.createObjectNode().put("cluster_id", clusterId);
        ClusterState state = cluster == null ? ClusterState.TERMINATED : cluster.state();
        if (cluster != null) {
            node.put("name", cluster.clusterName())
                    .put("message", cluster.explanation())
                    .put("since", cluster.stateSince());
        }
        return node.put("state", state.name()).put("data_state", state.shown()).put("server_time", clock.millis());
    }
}
