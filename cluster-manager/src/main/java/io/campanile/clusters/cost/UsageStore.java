package io.campanile.clusters.cost;

import static io.campanile.clusters.db.Tables.BUDGET;
import static io.campanile.clusters.db.Tables.CLUSTER;
import static io.campanile.clusters.db.Tables.NODE;
import static io.campanile.clusters.db.Tables.USAGE_HOUR;
import static java.util.Objects.requireNonNull;

import io.campanile.clusters.provider.NodeShape;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;

/**
 * Turns the lives of nodes into rows of usage. What is written follows from the node's row and the prices alone, in one
 * transaction with how far it goes: it can be killed at any point and done again.
 */
public final class UsageStore {
    private final Database database;
    private final DSLContext everywhere;
    private final PriceStore prices;

    public UsageStore(Database database, PriceStore prices) {
        this.database = requireNonNull(database, "database");
        this.prices = requireNonNull(prices, "prices");
        this.everywhere = database.acrossWorkspaces("usage is written down for all workspaces");
    }

    /** Nodes of whose lives a part stands in no row yet: they must not be forgotten. */
    public static Condition unsettled() {
        return NODE.CLUSTER_ID
                .isNotNull()
                // Without a process it never was there.
                .and(NODE.PID.isNotNull())
                .and(NODE.GONE_AT.isNull().or(NODE.USAGE_UNTIL.isDistinctFrom(NODE.GONE_AT)));
    }

    /** Writes down what is over: the last hours of nodes that are gone, and the full hours of the others. */
    public int settle(long now, int most) {
        long full = UsageHours.floor(now);
        var due = everywhere
                .select(NODE.WORKSPACE_ID, NODE.NODE_ID)
                .from(NODE)
                .where(unsettled())
                .and(NODE.GONE_AT
                        .isNotNull()
                        .or(DSL.coalesce(NODE.USAGE_UNTIL, 0L).lt(full)))
                .orderBy(NODE.REQUESTED_AT, NODE.NODE_ID)
                .limit(most)
                .fetch();
        due.forEach(row -> settle(row.value1(), NODE.NODE_ID.eq(row.value2()), full));
        return due.size();
    }

    /** The same for the nodes of one cluster that are gone, before it becomes another's. */
    public static void settleGone(DSLContext tx, PriceStore prices, long workspaceId, String clusterId) {
        settle(tx, prices, workspaceId, NODE.CLUSTER_ID.eq(clusterId).and(NODE.GONE_AT.isNotNull()), 0);
    }

    private void settle(long workspaceId, Condition which, long full) {
        database.transact(tx -> {
            // Whoever adds up what is spent holds these: a row is seen there once, as a node's or as one of usage.
            tx.select(BUDGET.BUDGET_ID)
                    .from(BUDGET)
                    .where(BUDGET.WORKSPACE_ID.eq(workspaceId))
                    .orderBy(BUDGET.BUDGET_ID)
                    .forShare()
                    .fetch();
            settle(tx, prices, workspaceId, which, full);
        });
    }

    private static void settle(DSLContext tx, PriceStore prices, long workspaceId, Condition which, long full) {
        PriceHistory history = prices.history(tx);
        List<NodeLife> lives =
                lives(tx, workspaceId).and(which).forUpdate().of(NODE).fetch(UsageStore::life);
        for (NodeLife life : lives) {
            write(tx, life, life.until(full), history);
        }
    }

    private static void write(DSLContext tx, NodeLife life, long until, PriceHistory history) {
        Long written = life.writtenUntil();
        // It may have ended before the hour did for which it was taken to live on.
        long from = written == null ? life.start() : Math.min(written, until);
        UsageHours.rows(life, from, until, history).forEach(row -> write(tx, life.workspaceId(), row));
        if (written != null && until < written) {
            tx.deleteFrom(USAGE_HOUR)
                    .where(USAGE_HOUR.WORKSPACE_ID.eq(life.workspaceId()))
                    .and(USAGE_HOUR.NODE_ID.eq(life.nodeId()))
                    .and(USAGE_HOUR.HOUR_AT.ge(until))
                    .execute();
        }
        tx.update(NODE)
                .set(NODE.USAGE_UNTIL, until)
                .where(NODE.WORKSPACE_ID.eq(life.workspaceId()), NODE.NODE_ID.eq(life.nodeId()))
                .execute();
    }

    /** What a row says beside its time stays: neither a new price nor a new name changes the past. */
    private static void write(DSLContext tx, long workspaceId, UsageRow row) {
        tx.insertInto(USAGE_HOUR)
                .set(USAGE_HOUR.WORKSPACE_ID, workspaceId)
                .set(USAGE_HOUR.NODE_ID, row.nodeId())
                .set(USAGE_HOUR.HOUR_AT, row.hourAt())
                .set(USAGE_HOUR.CLUSTER_ID, row.of().clusterId())
                .set(USAGE_HOUR.CLUSTER_NAME, row.of().clusterName())
                .set(USAGE_HOUR.OWNER_USER_ID, row.of().ownerUserId())
                .set(USAGE_HOUR.OWNER_USER_NAME, row.of().ownerUserName())
                .set(
                        USAGE_HOUR.TAGS,
                        Json.write(new java.util.TreeMap<>(row.of().tags())))
                .set(USAGE_HOUR.NODE_TYPE_ID, row.nodeTypeId())
                .set(USAGE_HOUR.ROLE, row.role())
                .set(USAGE_HOUR.MILLIS, row.millis())
                .set(USAGE_HOUR.PRICE, row.price())
                .set(USAGE_HOUR.CURRENCY, row.currency())
                .onConflict(USAGE_HOUR.WORKSPACE_ID, USAGE_HOUR.NODE_ID, USAGE_HOUR.HOUR_AT)
                .doUpdate()
                .set(USAGE_HOUR.MILLIS, row.millis())
                .execute();
    }

    /** Takes away rows of hours before; answers how many. */
    public int forget(long before, int most) {
        return everywhere
                .deleteFrom(USAGE_HOUR)
                .where(DSL.row(USAGE_HOUR.WORKSPACE_ID, USAGE_HOUR.NODE_ID, USAGE_HOUR.HOUR_AT)
                        .in(DSL.select(USAGE_HOUR.WORKSPACE_ID, USAGE_HOUR.NODE_ID, USAGE_HOUR.HOUR_AT)
                                .from(USAGE_HOUR)
                                .where(USAGE_HOUR.HOUR_AT.lt(before))
                                .limit(most)))
                .execute();
    }

    /** The usage of a workspace that stands in no row yet. */
    static List<UsageRow> open(DSLContext tx, PriceStore prices, long workspaceId, long now) {
        PriceHistory history = prices.history(tx);
        return lives(tx, workspaceId).fetch(UsageStore::life).stream()
                .flatMap(life -> UsageHours.open(life, now, history).stream())
                .toList();
    }

    private static SelectConditionStep<? extends Record> lives(DSLContext tx, long workspaceId) {
        return tx.select(
                        NODE.WORKSPACE_ID,
                        NODE.NODE_ID,
                        NODE.SHAPE,
                        NODE.ROLE,
                        NODE.ASSIGNED_AT,
                        NODE.GONE_AT,
                        NODE.USAGE_UNTIL,
                        CLUSTER.CLUSTER_ID,
                        CLUSTER.CLUSTER_NAME,
                        CLUSTER.OWNER_USER_ID,
                        CLUSTER.OWNER_USER_NAME,
                        CLUSTER.SPEC)
                .from(NODE)
                .join(CLUSTER)
                .on(CLUSTER.WORKSPACE_ID.eq(NODE.WORKSPACE_ID), CLUSTER.CLUSTER_ID.eq(NODE.CLUSTER_ID))
                .where(NODE.WORKSPACE_ID.eq(workspaceId))
                .and(CLUSTER.WORKSPACE_ID.eq(workspaceId))
                .and(unsettled());
    }

    private static NodeLife life(Record row) {
        String clusterId = row.get(CLUSTER.CLUSTER_ID);
        String name = row.get(CLUSTER.CLUSTER_NAME);
        String owner = row.get(CLUSTER.OWNER_USER_NAME);
        Map<String, String> custom =
                Json.read(row.get(CLUSTER.SPEC), Tagged.class).tags();
        return new NodeLife(
                row.get(NODE.WORKSPACE_ID),
                row.get(NODE.NODE_ID),
                new UsageRow.Of(
                        clusterId,
                        name,
                        row.get(CLUSTER.OWNER_USER_ID),
                        owner,
                        Tags.of(clusterId, name, owner, custom)),
                Json.read(row.get(NODE.SHAPE), NodeShape.class).nodeTypeId(),
                row.get(NODE.ROLE),
                row.get(NODE.ASSIGNED_AT),
                row.get(NODE.GONE_AT),
                row.get(NODE.USAGE_UNTIL));
    }

    /** What is of interest here of a cluster's settings. */
    record Tagged(@org.jspecify.annotations.Nullable Map<String, String> customTags) {
        Map<String, String> tags() {
            return customTags == null ? Map.of() : customTags;
        }
    }
}
