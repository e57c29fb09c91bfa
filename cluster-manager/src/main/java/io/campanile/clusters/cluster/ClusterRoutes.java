package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/clusters} and {@code /api/2.1/clusters}. No rules here: decode, delegate, encode. */
public final class ClusterRoutes {
    private static final int DEFAULT_PAGE = 20;
    private static final int LARGEST_PAGE = 100;
    /** 2.0 had no pages: it answers everything, within reason. */
    private static final int EVERYTHING = 10_000;

    private final ClusterService clusters;

    public ClusterRoutes(ClusterService clusters) {
        this.clusters = requireNonNull(clusters, "clusters");
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
            boolean paged = !version.equals("2.0");
            api.get(
                    base + "/list",
                    Requires.user("clusters.list", "cluster"),
                    (caller, context) -> list(caller, context, paged));
            new EventRoutes(clusters).mount(api, base);
            api.get(
                    base + "/list-node-types",
                    Requires.user("clusters.listNodeTypes", "nodeType"),
                    (caller, context) -> Map.of("node_types", ClusterWire.nodeTypes()));
            api.get(
                    base + "/spark-versions",
                    Requires.user("clusters.sparkVersions", "sparkVersion"),
                    (caller, context) -> Map.of("versions", Runtimes.onTheWire()));
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
        clusters.resize(caller, body, clusterId(body), force.asBoolean());
        return Map.of();
    }

    private Object get(Caller caller, RoutingContext context) {
        return details(caller, List.of(clusters.get(caller, clusterId(context))))
                .get(0);
    }

    private List<Map<String, Object>> details(Caller caller, List<Cluster> page) {
        Map<String, List<ClusterNodes.Worker>> workers = clusters.workers(caller.workspaceId());
        return page.stream()
                .map(cluster -> ClusterWire.details(cluster, workers.getOrDefault(cluster.clusterId(), List.of())))
                .toList();
    }

    private Object create(Caller caller, ObjectNode body) {
        JsonNode token = body.get("idempotency_token");
        String text = token == null || token.isNull() ? null : token.asText();
        return Map.of("cluster_id", clusters.create(caller, body, text).clusterId());
    }

    private Object list(Caller caller, RoutingContext context, boolean paged) {
        int size = pageSize(context.request().getParam("page_size"), paged);
        ClusterQuery query = new ClusterQuery(
                caller.workspaceId(),
                ClusterQuery.Viewer.of(caller),
                context.queryParam("filter_by.cluster_states"),
                context.queryParam("filter_by.cluster_sources"),
                policyId(context.request().getParam("filter_by.policy_id")),
                position(context.request().getParam("page_token")),
                size + 1);
        List<Cluster> found = clusters.list(query);
        List<Cluster> page = found.subList(0, Math.min(size, found.size()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("clusters", details(caller, page));
        if (found.size() > size) {
            Cluster last = page.get(page.size() - 1);
            answer.put("next_page_token", token(last.createdAt() + ":" + last.clusterId()));
        }
        return answer;
    }

    private static @Nullable String policyId(@Nullable String asked) {
        return asked == null || asked.isEmpty() ? null : asked;
    }

    private static int pageSize(@Nullable String asked, boolean paged) {
        if (asked == null || asked.isEmpty() || asked.equals("0")) {
            return paged ? DEFAULT_PAGE : EVERYTHING;
        }
        try {
            int size = Integer.parseInt(asked);
            if (size >= 1 && size <= LARGEST_PAGE) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw ApiException.invalid("page_size must be an integer: " + asked);
        }
        throw ApiException.invalid("page_size must be between 1 and " + LARGEST_PAGE);
    }

    private static ClusterQuery.@Nullable Position position(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(":", 2);
            return new ClusterQuery.Position(Long.parseLong(parts[0]), parts[1]);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw ApiException.invalid("page_token is not one that this API gave");
        }
    }

    private static String token(String content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content.getBytes(StandardCharsets.UTF_8));
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
