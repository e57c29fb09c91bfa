package io.campanile.clusters.cluster;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code clusters/events}: a POST that is paged by offset or by tokens. */
final class EventRoutes {
    private static final int DEFAULT_PAGE = 50;
    private static final int LARGEST_PAGE = 500;

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
            ApiException.require(clusterId, "cluster_id");
            if (order != null && !List.of("ASC", "DESC").contains(order)) {
                throw ApiException.invalid("order must be ASC or DESC: " + order);
            }
            if (offset != null && offset < 0) {
                throw ApiException.invalid("offset must not be negative");
            }
            checkSize(limit, "limit");
            checkSize(pageSize, "page_size");
            for (String type : eventTypes == null ? List.<String>of() : eventTypes) {
                if (type == null || !type.matches("[A-Z_]{1,64}")) {
                    throw ApiException.invalid("event_types has a value that is not an event type");
                }
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
                    position(),
                    size());
        }

        boolean byToken() {
            return pageSize != null || (pageToken != null && !pageToken.isEmpty());
        }

        private int size() {
            Integer size = byToken() ? pageSize : limit;
            return size == null || size == 0 ? DEFAULT_PAGE : size;
        }

        private long position() {
            if (pageToken == null || pageToken.isEmpty()) {
                return offset == null ? 0 : offset;
            }
            if (!pageToken.matches("[0-9a-z]{1,11}")) {
                throw ApiException.invalid("page_token is not one that this API gave");
            }
            return Long.parseLong(pageToken, 36);
        }
    }

    private Object events(Caller caller, EventsRequest request) {
        EventQuery query = request.query();
        EventStore.Page page = clusters.events(caller, request.clusterId(), query);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "events",
                page.events().stream()
                        .map(event -> ClusterWire.event(request.clusterId(), event))
                        .toList());
        answer.put("total_count", page.total());
        long next = query.offset() + query.limit();
        if (next < page.total()) {
            if (request.byToken()) {
                answer.put("next_page_token", Long.toString(next, 36));
            } else {
                answer.put("next_page", nextPage(request, query, next));
            }
        }
        if (request.byToken() && query.offset() > 0) {
            answer.put("prev_page_token", Long.toString(Math.max(0, query.offset() - query.limit()), 36));
        }
        return answer;
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
