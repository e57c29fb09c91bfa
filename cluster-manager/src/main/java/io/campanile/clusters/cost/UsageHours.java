package io.campanile.clusters.cost;

import java.util.ArrayList;
import java.util.List;

/** Cuts the lives of nodes into hours. Hours, days and months are those of UTC, where all are of their usual length. */
final class UsageHours {
    static final long HOUR = 3_600_000;
    static final long DAY = 24 * HOUR;

    private UsageHours() {}

    static long floor(long time) {
        return time - Math.floorMod(time, HOUR);
    }

    /** The rows of all hours that have something of the time between, each with all of that hour up to {@code to}. */
    static List<UsageRow> rows(NodeLife life, long from, long to, PriceHistory prices) {
        List<UsageRow> rows = new ArrayList<>();
        for (long hour = floor(Math.max(from, life.start())); hour < to; hour += HOUR) {
            long begin = Math.max(hour, life.start());
            long millis = Math.min(hour + HOUR, to) - begin;
            if (millis > 0) {
                PriceHistory.Price price = prices.at(life.nodeTypeId(), begin);
                rows.add(new UsageRow(
                        life.nodeId(),
                        hour,
                        life.of(),
                        life.nodeTypeId(),
                        life.role(),
                        millis,
                        price.perHour(),
                        price.currency()));
            }
        }
        return rows;
    }

    /** Those that stand in no row yet. */
    static List<UsageRow> open(NodeLife life, long now, PriceHistory prices) {
        Long written = life.writtenUntil();
        long from = written == null ? life.start() : written;
        long to = life.until(now);
        return from >= to ? List.of() : rows(life, from, to, prices);
    }
}
