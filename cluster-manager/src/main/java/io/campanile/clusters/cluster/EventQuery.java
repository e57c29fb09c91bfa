package io.campanile.clusters.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which events of a cluster are asked for; times are milliseconds since the epoch, both ends included. With a
 * {@code cursor} the offset says nothing.
 */
record EventQuery(
        @Nullable Long startTime,
        @Nullable Long endTime,
        List<String> types,
        boolean ascending,
        long offset,
        int limit,
        @Nullable Cursor cursor) {

    /** The event at the edge of a page that was seen, and which way to go from there. */
    record Cursor(Position position, boolean backwards) {}

    /** Where an event stands among those of its cluster. */
    record Position(long at, long eventId) {}

    EventQuery fromTheBeginning() {
        return new EventQuery(startTime, endTime, types, ascending, 0, limit, null);
    }
}
