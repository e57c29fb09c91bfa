package io.campanile.notebooks.compute;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.live.ChannelFeature;
import io.campanile.notebooks.live.Subscription;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The frames {@code attach}, {@code start} and {@code stop}: a person's own clusters only. */
public final class ComputeChannel implements ChannelFeature {
    private final ClusterDirectory clusters;
    private final AttachmentStore attachments;
    private final ComputeFrames frames;

    public ComputeChannel(ClusterDirectory clusters, AttachmentStore attachments, ComputeFrames frames) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.attachments = requireNonNull(attachments, "attachments");
        this.frames = requireNonNull(frames, "frames");
    }

    @Override
    public Set<String> frames() {
        return Set.of("attach", "start", "stop");
    }

    @Override
    public void handle(Subscription from, JsonNode frame) {
        from.access().require(Permission.CAN_RUN);
        switch (frame.path("t").asText()) {
            case "attach" ->
                attach(from, ApiException.require(frame.path("cluster_id").textValue(), "cluster_id"));
            case "start" -> start(from);
            case "stop" -> stop(from);
            default ->
                throw ApiException.invalid("Unknown frame: " + frame.path("t").asText());
        }
    }

    private void attach(Subscription from, String clusterId) {
        Caller person = from.caller();
        // A key of its own for each: the person's second choice must not be taken for a repetition of the first.
        String key = "attach " + UUID.randomUUID();
        clusters.ask(
                key,
                () -> owned(person, clusters.client().get(person, clusterId)),
                cluster -> {
                    attachments.choose(person.doing("notebooks.attachCluster"), from.notebookId(), cluster.clusterId());
                    frames.attached(person.workspaceId(), from.notebookId(), person.userId());
                },
                answer(from));
    }

    private void start(Subscription from) {
        Caller person = from.caller();
        var attached = attachments.clusterOf(person.workspaceId(), from.notebookId(), person.userId());
        clusters.ask(
                "start " + person.workspaceId() + " " + person.userId() + " " + attached.orElse(""),
                () -> attached.map(id -> clusters.client().ensureRunning(person, id))
                        .orElseGet(() -> clusters.client().defaultCluster(person, true)),
                cluster -> keep(from, cluster),
                answer(from));
    }

    private void stop(Subscription from) {
        Caller person = from.caller();
        String id = attachments
                .clusterOf(person.workspaceId(), from.notebookId(), person.userId())
                .orElseThrow(
                        () -> new ApiException(ErrorCode.INVALID_STATE, "No cluster is attached to this notebook"));
        clusters.ask(
                "stop " + id,
                () -> {
                    clusters.client().stop(person, id);
                    return clusters.client().get(person, id);
                },
                cluster -> frames.changed(cluster),
                answer(from));
    }

    private void keep(Subscription from, Cluster cluster) {
        Caller person = from.caller();
        attachments.attach(person.workspaceId(), from.notebookId(), person.userId(), cluster.clusterId());
        frames.attached(person.workspaceId(), from.notebookId(), person.userId());
    }

    /** A cluster runs one person's code with that person's rights: nobody else's notebook may be put on it. */
    private static Cluster owned(Caller person, Cluster cluster) {
        if (cluster.workspaceId() != person.workspaceId()) {
            throw ApiException.notFound("Cluster " + cluster.clusterId() + " does not exist");
        }
        if (cluster.ownerUserId() != person.userId()) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "Cluster " + cluster.clusterId() + " belongs to somebody else; attach one of your own");
        }
        return cluster;
    }

    private static Consumer<ApiException> answer(Subscription to) {
        return refused -> {
            ObjectNode frame = Json.MAPPER
                    .createObjectNode()
                    .put("t", "error")
                    .put("error_code", refused.code().name())
                    .put("message", refused.getMessage());
            to.send(frame);
        };
    }
}
