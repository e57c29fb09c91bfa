package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may see which usage, and what is made of it. */
public final class UsageService {
    private static final long LONGEST = 3 * 366 * UsageHours.DAY;

    private final ReportStore usage;
    private final Clock clock;

    public UsageService(ReportStore usage, Clock clock) {
        this.usage = requireNonNull(usage, "usage");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * What of the usage somebody asks for.
     *
     * @param from in milliseconds since the epoch; null: the first of this month
     * @param to null: now
     * @param own theirs alone, though they may see more
     */
    record Wish(
            @Nullable Long from,
            @Nullable Long to,
            boolean own,
            @Nullable String clusterId) {}

    /** One line of a report. */
    record Line(Grouping.Key key, UsageRow.Sum sum) {}

    /** A page of lines and the sums of all, by currency. */
    record Report(UsageQuery query, List<Line> lines, List<Line> totals, boolean more) {}

    /** Days in their order; everything else by what it cost, the most first. */
    Report report(Caller caller, Wish wish, Grouping grouping, int offset, int size) {
        UsageQuery query = query(caller, wish);
        Map<Grouping.Key, UsageRow.Sum> sums = usage.sums(query, grouping, clock.millis());
        List<Line> lines = sums.entrySet().stream()
                .map(entry -> new Line(entry.getKey(), entry.getValue()))
                .sorted(order(grouping))
                .toList();
        List<Line> page = lines.stream().skip(offset).limit(size).toList();
        return new Report(query, page, totals(lines), offset + page.size() < lines.size());
    }

    private static Comparator<Line> order(Grouping grouping) {
        Comparator<Line> byKey = Comparator.comparing((Line line) -> line.key().id())
                .thenComparing(line -> line.key().currency());
        return grouping.by() == Grouping.By.DAY
                ? byKey
                : Comparator.comparing(
                                (Line line) -> line.sum().amount(), Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(line -> line.sum().millis())
                        .reversed()
                        .thenComparing(byKey);
    }

    private static List<Line> totals(List<Line> lines) {
        Map<String, UsageRow.Sum> totals = new java.util.TreeMap<>();
        lines.forEach(line -> totals.merge(line.key().currency(), line.sum(), UsageRow.Sum::plus));
        return totals.entrySet().stream()
                .map(total -> new Line(new Grouping.Key("", "", total.getKey()), total.getValue()))
                .toList();
    }

    private UsageQuery query(Caller caller, Wish wish) {
        long now = clock.millis();
        long to = wish.to() == null ? now : wish.to();
        long from = wish.from() == null ? Budget.Period.MONTH.begin(now) : wish.from();
        if (from < 0 || to < from || to - from > LONGEST) {
            throw ApiException.invalid("start_time must be before end_time, by 3 years at most");
        }
        // Whole hours, the one that to is in too.
        long end = UsageHours.floor(to) == to ? to : UsageHours.floor(to) + UsageHours.HOUR;
        Long owner = caller.admin() && !wish.own() ? null : caller.userId();
        return new UsageQuery(caller.workspaceId(), UsageHours.floor(from), end, owner, wish.clusterId());
    }

    /** Every row of an export, once: first what is over, then what is not. */
    Reading read(Caller caller, Wish wish) {
        return new Reading(query(caller, wish));
    }

    /** Reads rows piece by piece. Blocking. */
    final class Reading {
        private final UsageQuery query;
        private final Iterator<UsageRow> open;
        private final Set<String> seen = new HashSet<>();
        private @Nullable UsageRow last;
        private boolean over;

        private Reading(UsageQuery query) {
            this.query = query;
            // Looked at first: what is written down meanwhile is in both, and left out where it comes first.
            List<UsageRow> rows = usage.open(query, clock.millis());
            rows.forEach(row -> seen.add(key(row)));
            this.open = rows.iterator();
        }

        /** Empty at the end. */
        List<UsageRow> next(int most) {
            while (!over) {
                List<UsageRow> found = usage.rows(query, last, most);
                over = found.size() < most;
                last = found.isEmpty() ? last : found.get(found.size() - 1);
                List<UsageRow> fresh =
                        found.stream().filter(row -> !seen.contains(key(row))).toList();
                if (!fresh.isEmpty()) {
                    return fresh;
                }
            }
            List<UsageRow> rows = new java.util.ArrayList<>();
            while (open.hasNext() && rows.size() < most) {
                rows.add(open.next());
            }
            return rows;
        }

        private static String key(UsageRow row) {
            return row.nodeId() + " " + row.hourAt();
        }
    }
}
