package io.campanile.clusters.cost;

import static io.campanile.clusters.db.Tables.USAGE_HOUR;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Reads usage: the rows that are written, and what is not over yet. Every statement names the workspace. */
public final class ReportStore {
    private final Database database;
    private final PriceStore prices;

    public ReportStore(Database database, PriceStore prices) {
        this.database = requireNonNull(database, "database");
        this.prices = requireNonNull(prices, "prices");
    }

    /** Usage added up, as of one moment. */
    Map<Grouping.Key, UsageRow.Sum> sums(UsageQuery query, Grouping grouping, long now) {
        return database.snapshot(tx -> {
            Map<Grouping.Key, UsageRow.Sum> sums = new HashMap<>(written(tx, query, grouping));
            for (UsageRow row : UsageStore.open(tx, prices, query.workspaceId(), now)) {
                if (query.wants(row)) {
                    Grouping.Key key = grouping.of(row);
                    // A cluster or person has one line, under its latest name.
                    UsageRow.Sum before = take(sums, key);
                    sums.put(key, before.plus(row.sum()));
                }
            }
            return sums;
        });
    }

    private static UsageRow.Sum take(Map<Grouping.Key, UsageRow.Sum> sums, Grouping.Key key) {
        UsageRow.Sum found = UsageRow.Sum.NONE;
        for (Grouping.Key other : List.copyOf(sums.keySet())) {
            if (other.id().equals(key.id()) && other.currency().equals(key.currency())) {
                found = found.plus(requireNonNull(sums.remove(other)));
            }
        }
        return found;
    }

    private static Map<Grouping.Key, UsageRow.Sum> written(DSLContext tx, UsageQuery query, Grouping grouping) {
        Field<String> id = id(grouping);
        Field<String> name = switch (grouping.by()) {
            case CLUSTER -> DSL.max(USAGE_HOUR.CLUSTER_NAME);
            case USER -> DSL.max(USAGE_HOUR.OWNER_USER_NAME);
            case DAY, TAG, NODE_TYPE -> DSL.inline("");
        };
        // By its name: the same expression with values bound twice is not the same to the database.
        Field<String> grouped = id.as("grouped");
        return tx
                .select(grouped, name, USAGE_HOUR.CURRENCY, millis(), priced())
                .from(USAGE_HOUR)
                .where(wanted(query))
                .groupBy(DSL.field(DSL.name("grouped")), USAGE_HOUR.CURRENCY)
                .fetch()
                .stream()
                .collect(java.util.stream.Collectors.toMap(
                        row -> new Grouping.Key(
                                row.value1(), row.value2().isEmpty() ? row.value1() : row.value2(), row.value3()),
                        row -> new UsageRow.Sum(row.value4().longValue(), row.value5())));
    }

    private static Field<String> id(Grouping grouping) {
        return switch (grouping.by()) {
            case DAY ->
                USAGE_HOUR.HOUR_AT.minus(USAGE_HOUR.HOUR_AT.mod(UsageHours.DAY)).cast(String.class);
            case CLUSTER -> USAGE_HOUR.CLUSTER_ID;
            case USER -> USAGE_HOUR.OWNER_USER_ID.cast(String.class);
            case TAG -> DSL.coalesce(tag(DSL.val(requireNonNull(grouping.tagKey()))), "");
            case NODE_TYPE -> USAGE_HOUR.NODE_TYPE_ID;
        };
    }

    static Field<String> tag(Field<String> key) {
        return DSL.field("json_extract_path_text(cast({0} as json), {1})", String.class, USAGE_HOUR.TAGS, key);
    }

    static Field<BigDecimal> millis() {
        return DSL.coalesce(DSL.sum(USAGE_HOUR.MILLIS), BigDecimal.ZERO);
    }

    /** Null when no row had a price. */
    static Field<BigDecimal> priced() {
        return DSL.sum(USAGE_HOUR.PRICE.times(USAGE_HOUR.MILLIS));
    }

    private static Condition wanted(UsageQuery query) {
        Condition wanted = USAGE_HOUR
                .WORKSPACE_ID
                .eq(query.workspaceId())
                .and(USAGE_HOUR.HOUR_AT.ge(query.from()))
                .and(USAGE_HOUR.HOUR_AT.lt(query.to()));
        if (query.ownerUserId() != null) {
            wanted = wanted.and(USAGE_HOUR.OWNER_USER_ID.eq(query.ownerUserId()));
        }
        return query.clusterId() == null ? wanted : wanted.and(USAGE_HOUR.CLUSTER_ID.eq(query.clusterId()));
    }

    /** Written rows in their order, those after {@code last}. */
    List<UsageRow> rows(UsageQuery query, @Nullable UsageRow last, int most) {
        Condition wanted = wanted(query);
        if (last != null) {
            wanted = wanted.and(DSL.row(USAGE_HOUR.HOUR_AT, USAGE_HOUR.NODE_ID).gt(last.hourAt(), last.nodeId()));
        }
        return database.context()
                .selectFrom(USAGE_HOUR)
                .where(wanted)
                .orderBy(USAGE_HOUR.HOUR_AT, USAGE_HOUR.NODE_ID)
                .limit(most)
                .fetch(ReportStore::row);
    }

    /** What is not over yet, in the same order. */
    List<UsageRow> open(UsageQuery query, long now) {
        return UsageStore.open(database.context(), prices, query.workspaceId(), now).stream()
                .filter(query::wants)
                .sorted(java.util.Comparator.comparingLong(UsageRow::hourAt).thenComparing(UsageRow::nodeId))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static UsageRow row(Record row) {
        return new UsageRow(
                row.get(USAGE_HOUR.NODE_ID),
                row.get(USAGE_HOUR.HOUR_AT),
                new UsageRow.Of(
                        row.get(USAGE_HOUR.CLUSTER_ID),
                        row.get(USAGE_HOUR.CLUSTER_NAME),
                        row.get(USAGE_HOUR.OWNER_USER_ID),
                        row.get(USAGE_HOUR.OWNER_USER_NAME),
                        Json.read(row.get(USAGE_HOUR.TAGS), Map.class)),
                row.get(USAGE_HOUR.NODE_TYPE_ID),
                row.get(USAGE_HOUR.ROLE),
                row.get(USAGE_HOUR.MILLIS),
                row.get(USAGE_HOUR.PRICE),
                row.get(USAGE_HOUR.CURRENCY));
    }
}
