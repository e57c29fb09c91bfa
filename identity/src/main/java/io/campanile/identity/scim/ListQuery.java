package io.campanile.identity.scim;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * What a list call asks for.
 *
 * @param startIndex of the first resource, from one
 * @param count how many at most; none is asked for to learn the total alone
 */
record ListQuery(
        @Nullable String filter,
        long startIndex,
        int count,
        @Nullable String sortBy,
        boolean descending,
        Projection projection) {
    private static final int MOST = 10_000;

    static ListQuery of(MultiMap query) {
        @Nullable String order = query.get("sortOrder");
        if (order != null && !order.equalsIgnoreCase("ascending") && !order.equalsIgnoreCase("descending")) {
            throw ScimFailures.invalidValue("sortOrder must be ascending or descending");
        }
        return new ListQuery(
                query.get("filter"),
                Math.max(1, number(query, "startIndex", 1)),
                (int) Math.max(0, Math.min(MOST, number(query, "count", MOST))),
                query.get("sortBy"),
                "descending".equalsIgnoreCase(order),
                Projection.of(query.get("attributes"), query.get("excludedAttributes")));
    }

    private static long number(MultiMap query, String name, long otherwise) {
        @Nullable String text = query.get(name);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ScimFailures.invalidValue(name + " must be an integer");
        }
    }
}
