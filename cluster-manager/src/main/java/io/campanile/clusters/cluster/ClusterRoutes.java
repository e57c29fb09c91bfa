package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.campanile.common.json.Json;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/clusters} and {@code /api/2.1/clusters}. No rules here: decode, delegate, encode. */
public final class ClusterRoutes {
    private final ClusterService clusters;
    private final UpdateService updates;
    private final OwnerService owners;
    private final ResizeService sizes;

    public ClusterRoutes(ClusterService clusters, UpdateService updates, OwnerService owners, ResizeService sizes) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.updates = requireNonNull(updates, "updates");
        this.owners = requireNonNull(owners, "owners");
        this.sizes = requireNonNull(sizes, "sizes");
    }

    public void mount(Endpoints api) {
        for (String version : new String[] {"2.0", "2.1"}) {
            String base = "/api/" + version + "/clusters";
            api.post(base + "/create", Requires.user("clusters.create", "cluster"), ObjectNode.class, this::create);
            api.post(base + "/edit", Requires.object("clusters.edit", "cluster"), ObjectNode.class, (caller, body) -> {
                clusters.edit(caller, body, clusterId(body));
                return Map.of();
            });
            api.post(base + "/resize", Requires.object("clusters.resize", "cluster"), ObjectNode.class, this::resize);
            act(api, base + "/start", "clusters.start", clusters::start);
            act(api, base + "/restart", "clusters.restart", clusters::restart);
            act(api, base + "/delete", "clusters.delete", clusters::terminate);
            act(api, base + "/permanent-delete", "clusters.permanentDelete", clusters::deleteForGood);
            api.get(base + "/get", Requires.object("clusters.get", "cluster"), this::get);
            api.post(
                    base + "/update",
                    Requires.object("clusters.update", "cluster"),
                    UpdateRequest.class,
                    (caller, request) -> {
                        updates.update(caller, request.clusterId(), request.mask(), request.given());
                        return Map.of();
                    });
            owners(api, base);
            new ListRoutes(clusters, sizes).mount(api, base, !version.equals("2.0"));
            new EventRoutes(clusters).mount(api, base);
            api.get(
                    base + "/list-node-types",
                    Requires.user("clusters.listNodeTypes", "nodeType"),
                    (caller, context) -> Map.of("node_types", ClusterWire.nodeTypes()));
            api.get(
                    base + "/spark-versions",
                    Requires.user("clusters.sparkVersions", "sparkVersion"),
                    (caller, context) -> Map.of("versions", Runtimes.onTheWire()));
            api.get(
                    base + "/list-zones",
                    Requires.user("clusters.listZones", "zone"),
                    (caller, context) -> Map.of("zones", List.of(Zones.LOCAL), "default_zone", Zones.LOCAL));
        }
    }

    /** What administrators alone may do. */
    private void owners(Endpoints api, String base) {
        for (boolean pin : new boolean[] {true, false}) {
            String name = pin ? "pin" : "unpin";
            api.post(
                    base + "/" + name,
                    Requires.admin("clusters." + name, "cluster"),
                    ObjectNode.class,
                    (caller, body) -> {
                        owners.pin(caller, clusterId(body), pin);
                        return Map.of();
                    });
        }
        api.post(
                base + "/change-owner",
                Requires.admin("clusters.changeOwner", "cluster"),
                ChangeOwner.class,
                (caller, request) -> {
                    owners.changeOwner(caller, request.clusterId(), request.ownerUsername());
                    return Map.of();
                });
    }

    record ChangeOwner(String clusterId, String ownerUsername) {
        ChangeOwner {
            required(clusterId, "cluster_id");
            required(ownerUsername, "owner_username");
        }
    }

    record UpdateRequest(
            String clusterId,
            @Nullable String updateMask,
            @Nullable ObjectNode cluster) {
        UpdateRequest {
            required(clusterId, "cluster_id");
        }

        UpdateMask mask() {
            return UpdateMask.of(updateMask);
        }

        /** What is not there is taken away: nothing at all takes away everything that is named. */
        ObjectNode given() {
            return cluster == null ? Json.MAPPER.createObjectNode() : cluster;
        }
    }

    private static void act(Endpoints api, String path, String action, BiConsumer<Caller, String> act) {
        api.post(path, Requires.object(action, "cluster"), ObjectNode.class, (caller, body) -> {
            act.accept(caller, clusterId(body));
            return Map.of();
        });
    }

    private Object resize(Caller caller, ObjectNode body) {
        JsonNode force = body.path("force");
        if (!force.isMissingNode() && !force.isNull() && !force.isBoolean()) {
            throw ApiException.invalid("Field force has a value of a wrong kind");
        }
        sizes.resize(caller, body, clusterId(body), force.asBoolean());
        return Map.of();
    }

    private Object get(Caller caller, RoutingContext context) {
        List<Cluster> one = List.of(clusters.get(caller, clusterId(context)));
        return ListRoutes.details(sizes, caller.workspaceId(), one).get(0);
    }

    private Object create(Caller caller, ObjectNode body) {
        JsonNode token = body.get("idempotency_token");
        String text = token == null || token.isNull() ? null : token.asText();
        return Map.of("cluster_id", clusters.create(caller, body, text).clusterId());
    }

    /** Nothing in a field is no field. */
    static String required(@Nullable String value, String field) {
        return ApiException.require(value == null || value.isEmpty() ? null : value, field);
    }

    private static String clusterId(RoutingContext context) {
        String id = context.request().getParam("cluster_id");
        return ApiException.require(id == null || id.isEmpty() ? null : id, "cluster_id");
    }

    static String clusterId(ObjectNode body) {
        JsonNode id = body.get("cluster_id");
        if (id == null || id.isNull() || id.asText().isEmpty()) {
            throw ApiException.invalid("Missing required field: cluster_id");
        }
        return id.asText();
    }
}
