package io.campanile.clusters.cost;

import static io.campanile.clusters.db.Tables.BUDGET;
import static io.campanile.clusters.db.Tables.BUDGET_NOTICE;
import static io.campanile.clusters.db.Tables.CLUSTER;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import java.math.BigDecimal;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of what clusters are told of budgets. Every statement but one names the workspace. */
public final class NoticeStore {
    private final Database database;
    private final DSLContext everywhere;

    public NoticeStore(Database database) {
        this.database = requireNonNull(database, "database");
        this.everywhere = database.acrossWorkspaces("budgets are watched in all workspaces");
    }

    /** The workspaces that have any budget, or still a word of one. */
    public List<Long> workspaces() {
        return everywhere
                .select(BUDGET.WORKSPACE_ID)
                .from(BUDGET)
                .union(DSL.select(BUDGET_NOTICE.WORKSPACE_ID).from(BUDGET_NOTICE))
                .orderBy(1)
                .fetch(BUDGET.WORKSPACE_ID);
    }

    public List<Notice> of(long workspaceId) {
        return database.context()
                .select(
                        BUDGET_NOTICE.WORKSPACE_ID,
                        BUDGET_NOTICE.BUDGET_ID,
                        BUDGET_NOTICE.CLUSTER_ID,
                        BUDGET_NOTICE.ACTION.convertFrom(Budget.Action::valueOf),
                        BUDGET_NOTICE.PERIOD_AT,
                        BUDGET_NOTICE.TOLD_AT,
                        BUDGET_NOTICE.DUE_AT)
                .from(BUDGET_NOTICE)
                .where(BUDGET_NOTICE.WORKSPACE_ID.eq(workspaceId))
                .fetch(Records.mapping(Notice::new));
    }

    /** False when the budget has been changed since it was read: then nothing follows from it. */
    public static boolean holds(DSLContext tx, Budget budget) {
        return !tx.select(BUDGET.BUDGET_ID)
                .from(BUDGET)
                .where(BUDGET.WORKSPACE_ID.eq(budget.workspaceId()))
                .and(BUDGET.BUDGET_ID.eq(budget.budgetId()))
                .and(BUDGET.UPDATED_AT.eq(budget.updatedAt()))
                .forShare()
                .fetch()
                .isEmpty();
    }

    /** In the transaction of the event that says so. */
    public static void tell(DSLContext tx, Notice notice) {
        forget(tx, notice);
        tx.insertInto(BUDGET_NOTICE)
                .set(BUDGET_NOTICE.WORKSPACE_ID, notice.workspaceId())
                .set(BUDGET_NOTICE.BUDGET_ID, notice.budgetId())
                .set(BUDGET_NOTICE.CLUSTER_ID, notice.clusterId())
                .set(BUDGET_NOTICE.ACTION, notice.action().name())
                .set(BUDGET_NOTICE.PERIOD_AT, notice.periodAt())
                .set(BUDGET_NOTICE.TOLD_AT, notice.toldAt())
                .set(BUDGET_NOTICE.DUE_AT, notice.dueAt())
                .execute();
    }

    /** It is so no longer. */
    public void forget(Notice notice) {
        forget(database.context(), notice);
    }

    private static void forget(DSLContext tx, Notice notice) {
        tx.deleteFrom(BUDGET_NOTICE)
                .where(BUDGET_NOTICE.WORKSPACE_ID.eq(notice.workspaceId()))
                .and(BUDGET_NOTICE.BUDGET_ID.eq(notice.budgetId()))
                .and(BUDGET_NOTICE.CLUSTER_ID.eq(notice.clusterId()))
                .and(BUDGET_NOTICE.ACTION.eq(notice.action().name()))
                .execute();
    }

    /** What a cluster was told, for people. */
    public record Shown(
            String clusterId,
            String clusterName,
            String budgetId,
            String budgetName,
            String action,
            BigDecimal amount,
            long toldAt,
            @Nullable Long dueAt) {}

    /** {@code ownerUserId} null: of all clusters of the workspace. */
    List<Shown> shown(long workspaceId, @Nullable Long ownerUserId) {
        Condition theirs = ownerUserId == null ? DSL.noCondition() : CLUSTER.OWNER_USER_ID.eq(ownerUserId);
        return database.context()
                .select(
                        BUDGET_NOTICE.CLUSTER_ID,
                        CLUSTER.CLUSTER_NAME,
                        BUDGET_NOTICE.BUDGET_ID,
                        BUDGET.NAME,
                        BUDGET_NOTICE.ACTION,
                        BUDGET.AMOUNT,
                        BUDGET_NOTICE.TOLD_AT,
                        BUDGET_NOTICE.DUE_AT)
                .from(BUDGET_NOTICE)
                .join(BUDGET)
                .on(BUDGET.WORKSPACE_ID.eq(BUDGET_NOTICE.WORKSPACE_ID), BUDGET.BUDGET_ID.eq(BUDGET_NOTICE.BUDGET_ID))
                .join(CLUSTER)
                .on(
                        CLUSTER.WORKSPACE_ID.eq(BUDGET_NOTICE.WORKSPACE_ID),
                        CLUSTER.CLUSTER_ID.eq(BUDGET_NOTICE.CLUSTER_ID))
                .where(BUDGET_NOTICE.WORKSPACE_ID.eq(workspaceId))
                .and(BUDGET.WORKSPACE_ID.eq(workspaceId))
                .and(CLUSTER.WORKSPACE_ID.eq(workspaceId))
                .and(CLUSTER.DELETED_AT.isNull())
                .and(theirs)
                .orderBy(BUDGET_NOTICE.TOLD_AT.desc(), BUDGET_NOTICE.CLUSTER_ID, BUDGET_NOTICE.ACTION)
                .limit(500)
                .fetch(Records.mapping(Shown::new));
    }
}
