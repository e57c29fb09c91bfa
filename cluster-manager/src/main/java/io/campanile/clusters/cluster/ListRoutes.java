package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code clusters/list}: filters, order, and pages that can be turned both ways. */
final class ListRoutes {
    private static final int DEFAULT_PAGE = 20;
    private static final int LARGEST_PAGE = 100;
    /** 2.0 had no pages: it answers everything, within reason. */
    private static final int EVERYTHING = 10_000;

    private static final Set<String> STATES =
            Set.of("PENDING", "RUNNING", "RESTARTING", "RESIZING", "TERMINATING", "TERMINATED", "ERROR", "UNKNOWN");
    private static final Set<String> SOURCES =
            Set.of("UI", "API", "JOB", "MODELS", "PIPELINE", "PIPELINE_MAINTENANCE", "SQL");

    private final ClusterService clusters;
    private final ResizeService sizes;

    ListRoutes(ClusterService clusters, ResizeService sizes) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.sizes = requireNonNull(sizes, "sizes");
    }

    void mount(Endpoints api, String base, boolean paged) {
        api.get(
                base + "/list",
                Requires.user("clusters.list", "cluster"),
                (caller, context) -> list(caller, context, paged));
    }

    private Object list(Caller caller, RoutingContext context, boolean paged) {
        int size = pageSize(context.request().getParam("page_size"), paged);
        ClusterQuery.Sort sort = sort(context);
        ClusterQuery query = new ClusterQuery(
                caller.workspaceId(),
                ClusterQuery.Viewer.of(caller),
                filter(context),
                sort,
                cursor(context.request().getParam("page_token"), sort),
                size + 1);
        Page page = page(query, size);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("clusters", details(sizes, caller.workspaceId(), page.clusters()));
        if (page.more()) {
            answer.put(
                    "next_page_token",
                    token(sort, false, page.clusters().get(page.clusters().size() - 1)));
        }
        if (page.before()) {
            answer.put("prev_page_token", token(sort, true, page.clusters().get(0)));
        }
        return answer;
    }

    /** The clusters of a workspace on the wire, with their executors. */
    static List<Map<String, Object>> details(ResizeService sizes, long workspaceId, List<Cluster> page) {
        Map<String, List<ClusterNodes.Worker>> workers = sizes.workers(workspaceId, page);
        return page.stream()
                .map(cluster -> ClusterWire.details(cluster, workers.getOrDefault(cluster.clusterId(), List.of())))
                .toList();
    }

    /** What is shown at once, and whether there is something on either side of it. */
    private record Page(List<Cluster> clusters, boolean before, boolean more) {}

    private Page page(ClusterQuery query, int size) {
        List<Cluster> found = clusters.list(query);
        ClusterQuery.Cursor cursor = query.cursor();
        if (cursor == null || !cursor.backwards()) {
            boolean more = found.size() > size;
            return new Page(more ? found.subList(0, size) : found, cursor != null && !found.isEmpty(), more);
        }
        if (found.isEmpty()) {
            // Everything before is gone: the page is the first one then.
            return page(query.from(null), size);
        }
        boolean before = found.size() > size;
        return new Page(before ? found.subList(1, found.size()) : found, before, true);
    }

    private static ClusterQuery.Filter filter(RoutingContext context) {
        String policyId = context.request().getParam("filter_by.policy_id");
        String pinned = context.request().getParam("filter_by.is_pinned");
        return new ClusterQuery.Filter(
                known(context, "filter_by.cluster_states", STATES),
                known(context, "filter_by.cluster_sources", SOURCES),
                pinned == null || pinned.isEmpty() ? null : Boolean.valueOf(flag(pinned)),
                policyId == null || policyId.isEmpty() ? null : policyId);
    }

    private static List<String> known(RoutingContext context, String field, Set<String> values) {
        List<String> asked = context.queryParam(field);
        for (String value : asked) {
            if (!values.contains(value)) {
                throw ApiException.invalid(field + " has a value that is not known: " + brief(value));
            }
        }
        return asked;
    }

    private static boolean flag(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw ApiException.invalid("filter_by.is_pinned must be true or false: " + brief(value));
        }
        return value.equals("true");
    }

    private static ClusterQuery.Sort sort(RoutingContext context) {
        String field = oneOf(context, "sort_by.field", List.of("DEFAULT", "CLUSTER_NAME"));
        String direction = oneOf(context, "sort_by.direction", List.of("ASC", "DESC"));
        return new ClusterQuery.Sort(field.equals("CLUSTER_NAME"), direction.equals("DESC"));
    }

    private static String oneOf(RoutingContext context, String field, List<String> values) {
        String asked = context.request().getParam(field);
        if (asked == null || asked.isEmpty()) {
            return values.get(0);
        }
        if (!values.contains(asked)) {
            throw ApiException.invalid(field + " must be " + String.join(" or ", values) + ": " + brief(asked));
        }
        return asked;
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
            throw ApiException.invalid("page_size must be an integer: " + brief(asked));
        }
        throw ApiException.invalid("page_size must be between 1 and " + LARGEST_PAGE);
    }

    private static String token(ClusterQuery.Sort sort, boolean backwards, Cluster edge) {
        ClusterQuery.Position position = ClusterQuery.Position.of(edge);
        String text = (backwards ? "p" : "n") + order(sort) + ":" + position.rank() + ":" + position.clusterId() + ":"
                + position.name();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A place in one order says nothing in another. */
    private static ClusterQuery.@Nullable Cursor cursor(@Nullable String token, ClusterQuery.Sort sort) {
        if (token == null || token.isEmpty()) {
            return null;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(":", 4);
            if (parts.length == 4
                    && parts[3].chars().noneMatch(Character::isISOControl)
                    && parts[0].length() == 3
                    && parts[0].substring(1).equals(order(sort))) {
                return new ClusterQuery.Cursor(
                        new ClusterQuery.Position(Integer.parseInt(parts[1]), parts[3], parts[2]),
                        parts[0].startsWith("p"));
            }
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("page_token is not one that this API gave");
        }
        throw ApiException.invalid("page_token is not one that this API gave for this order");
    }

    private static String order(ClusterQuery.Sort sort) {
        return (sort.byName() ? "n" : "d") + (sort.descending() ? "d" : "a");
    }

    private static String brief(String value) {
        return value.length() <= 64 ? value : value.substring(0, 64) + "...";
    }
}
