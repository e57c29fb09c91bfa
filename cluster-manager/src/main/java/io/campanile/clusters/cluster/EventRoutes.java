package io.campanile.clusters.cluster;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code clusters/events}: a POST that is paged by offset or by tokens. */
final class EventRoutes {
    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 500;

    /** The public API's: those that this platform has no occasion for are asked for in vain. */
    private static final Set<String> TYPES = Set.of(
            "ADD_NODES_FAILED",
            "AUTOMATIC_CLUSTER_UPDATE",
            "AUTOSCALING_BACKOFF",
            "AUTOSCALING_FAILED",
            "AUTOSCALING_STATS_REPORT",
            "CLUSTER_MIGRATED",
            "CREATING",
            "DBFS_DOWN",
            "DECOMMISSION_ENDED",
            "DECOMMISSION_STARTED",
            "DEFERRED_POLICY_ENFORCEMENT_FAILED",
            "DEFERRED_POLICY_ENFORCEMENT_SCHEDULED",
            "DID_NOT_EXPAND_DISK",
            "DRIVER_HEALTHY",
            "DRIVER_NOT_RESPONDING",
            "DRIVER_UNAVAILABLE",
            "EDITED",
            "EXPANDED_DISK",
            "FAILED_TO_EXPAND_DISK",
            "INIT_SCRIPTS_FINISHED",
            "INIT_SCRIPTS_STARTED",
            "METASTORE_DOWN",
            "NODES_LOST",
            "NODE_BLACKLISTED",
            "NODE_EXCLUDED_DECOMMISSIONED",
            "PINNED",
            "RESIZING",
            "RESTARTING",
            "RUNNING",
            "SPARK_EXCEPTION",
            "STARTING",
            "TERMINATING",
            "UC_VOLUME_MISCONFIGURED",
            "UNPINNED",
            "UPSIZE_COMPLETED");

    private static final Pattern TOKEN = Pattern.compile("([np])([ad])([0-9a-z]{1,12})\\.([0-9a-z]{1,12})");

    private final ClusterService clusters;

    EventRoutes(ClusterService clusters) {
        this.clusters = clusters;
    }

    void mount(Endpoints api, String base) {
        api.post(base + "/events", Requires.object("clusters.events", "cluster"), EventsRequest.class, this::events);
    }

    record EventsRequest(
            String clusterId,
            @Nullable Long startTime,
            @Nullable Long endTime,
            @Nullable String order,
            @Nullable List<String> eventTypes,
            @Nullable Long offset,
            @Nullable Integer limit,
            @Nullable Integer pageSize,
            @Nullable String pageToken) {
        EventsRequest {
            ClusterRoutes.required(clusterId, "cluster_id");
            if (order != null && !List.of("ASC", "DESC").contains(order)) {
                throw ApiException.invalid("order must be ASC or DESC: " + order);
            }
            if (offset != null && offset < 0) {
                throw ApiException.invalid("offset must not be negative");
            }
            checkSize(limit, "limit");
            checkSize(pageSize, "page_size");
            for (String type : eventTypes == null ? List.<String>of() : eventTypes) {
                if (type == null || !TYPES.contains(type)) {
                    throw ApiException.invalid("event_types has a value that is not an event type");
                }
            }
            if (startTime != null && endTime != null && startTime > endTime) {
                throw ApiException.invalid("start_time must not be after end_time");
            }
        }

        private static void checkSize(@Nullable Integer size, String field) {
            if (size != null && (size < 0 || size > LARGEST_PAGE)) {
                throw ApiException.invalid(field + " must be between 1 and " + LARGEST_PAGE);
            }
        }

        EventQuery query() {
            return new EventQuery(
                    startTime,
                    endTime,
                    eventTypes == null ? List.of() : eventTypes,
                    "ASC".equals(order),
                    offset == null ? 0 : offset,
                    size(),
                    cursor());
        }

        boolean byToken() {
            return pageSize != null || (pageToken != null && !pageToken.isEmpty());
        }

        private int size() {
            Integer size = byToken() ? pageSize : limit;
            return size == null || size == 0 ? DEFAULT_PAGE : size;
        }

        private EventQuery.@Nullable Cursor cursor() {
            if (pageToken == null || pageToken.isEmpty()) {
                return null;
            }
            Matcher parts = TOKEN.matcher(pageToken);
            if (!parts.matches() || parts.group(2).equals("a") != "ASC".equals(order)) {
                throw ApiException.invalid("page_token is not one that this API gave for this order");
            }
            return new EventQuery.Cursor(
                    new EventQuery.Position(Long.parseLong(parts.group(3), 36), Long.parseLong(parts.group(4), 36)),
                    parts.group(1).equals("p"));
        }
    }

    private Object events(Caller caller, EventsRequest request) {
        EventQuery query = request.query();
        EventStore.Page page = clusters.events(caller, request.clusterId(), query);
        if (page.entries().isEmpty() && query.cursor() != null && query.cursor().backwards()) {
            query = query.fromTheBeginning();
            page = clusters.events(caller, request.clusterId(), query);
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "events",
                page.events().stream()
                        .map(event -> ClusterWire.event(request.clusterId(), event))
                        .toList());
        answer.put("total_count", page.total());
        if (request.byToken()) {
            tokens(answer, query, page);
        } else if (page.more()) {
            answer.put("next_page", nextPage(request, query, query.offset() + query.limit()));
        }
        return answer;
    }

    /** Pages are turned from the events at their edges: what happens meanwhile shifts nothing. */
    private static void tokens(Map<String, Object> answer, EventQuery query, EventStore.Page page) {
        if (page.entries().isEmpty()) {
            return;
        }
        EventQuery.Cursor cursor = query.cursor();
        boolean backwards = cursor != null && cursor.backwards();
        if (backwards || page.more()) {
            EventStore.Entry last = page.entries().get(page.entries().size() - 1);
            answer.put("next_page_token", token("n", query, last));
        }
        if (backwards ? page.more() : cursor != null) {
            answer.put("prev_page_token", token("p", query, page.entries().get(0)));
        }
    }

    private static String token(String way, EventQuery query, EventStore.Entry edge) {
        EventQuery.Position position = edge.position();
        return way + (query.ascending() ? "a" : "d") + Long.toString(position.at(), 36) + "."
                + Long.toString(position.eventId(), 36);
    }

    private static Map<String, Object> nextPage(EventsRequest request, EventQuery query, long next) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("cluster_id", request.clusterId());
        page.put("order", query.ascending() ? "ASC" : "DESC");
        page.put("offset", next);
        page.put("limit", query.limit());
        if (query.startTime() != null) {
            page.put("start_time", query.startTime());
        }
        if (query.endTime() != null) {
            page.put("end_time", query.endTime());
        }
        if (!query.types().isEmpty()) {
            page.put("event_types", query.types());
        }
        return page;
    }
}
