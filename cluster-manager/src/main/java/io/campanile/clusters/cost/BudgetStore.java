package io.campanile.clusters.cost;

import static io.campanile.clusters.db.Tables.BUDGET;
import static io.campanile.clusters.db.Tables.BUDGET_NOTICE;
import static io.campanile.clusters.db.Tables.USAGE_HOUR;
import static java.util.Objects.requireNonNull;

import io.campanile.clusters.db.tables.records.BudgetRecord;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of budgets. Every statement names the workspace. */
public final class BudgetStore {
    private static final int MOST = 200;

    private final Database database;
    private final PriceStore prices;
    private final String currency;

    public BudgetStore(Database database, PriceStore prices, String currency) {
        this.database = requireNonNull(database, "database");
        this.prices = requireNonNull(prices, "prices");
        this.currency = requireNonNull(currency, "currency");
    }

    /** The budgets of a workspace, to the end of the transaction with nobody else counting by them. */
    static List<Budget> lock(DSLContext tx, long workspaceId) {
        return tx.selectFrom(BUDGET)
                .where(BUDGET.WORKSPACE_ID.eq(workspaceId))
                .orderBy(BUDGET.BUDGET_ID)
                .forUpdate()
                .fetch(BudgetStore::budget);
    }

    /** {@code open}: the usage of the workspace that stands in no row yet. */
    static BigDecimal spent(DSLContext tx, Budget budget, List<UsageRow> open, String currency, long now) {
        long begin = budget.terms().period().begin(now);
        long end = budget.terms().period().end(now);
        UsageRow.Sum written = tx.select(ReportStore.millis(), ReportStore.priced())
                .from(USAGE_HOUR)
                .where(USAGE_HOUR.WORKSPACE_ID.eq(budget.workspaceId()))
                .and(USAGE_HOUR.HOUR_AT.ge(begin))
                .and(USAGE_HOUR.HOUR_AT.lt(end))
                .and(USAGE_HOUR.CURRENCY.eq(currency))
                .and(of(budget.scope()))
                .fetchSingle(row -> new UsageRow.Sum(row.value1().longValue(), row.value2()));
        UsageRow.Sum all = open.stream()
                .filter(row -> row.hourAt() >= begin
                        && row.hourAt() < end
                        && row.currency().equals(currency))
                .filter(row ->
                        budget.scope().covers(row.of().ownerUserId(), row.of().tags()))
                .map(UsageRow::sum)
                .reduce(written, UsageRow.Sum::plus);
        BigDecimal amount = all.amount();
        return amount == null ? BigDecimal.ZERO : amount;
    }

    private static Condition of(Budget.Scope scope) {
        return switch (scope.kind()) {
            case WORKSPACE -> DSL.noCondition();
            case USER -> USAGE_HOUR.OWNER_USER_ID.eq(scope.userId());
            case TAG -> ReportStore.tag(DSL.val(scope.key())).eq(scope.value());
        };
    }

    /** A budget and what was spent of it in its present period. */
    record Standing(Budget budget, BigDecimal spent) {}

    /** As of one moment, in the order of their names. */
    List<Standing> standings(long workspaceId, long now) {
        return database.snapshot(tx -> {
            List<Budget> budgets = tx.selectFrom(BUDGET)
                    .where(BUDGET.WORKSPACE_ID.eq(workspaceId))
                    .orderBy(BUDGET.NAME)
                    .fetch(BudgetStore::budget);
            if (budgets.isEmpty()) {
                return List.of();
            }
            List<UsageRow> open = UsageStore.open(tx, prices, workspaceId, now);
            return budgets.stream()
                    .map(budget -> new Standing(budget, spent(tx, budget, open, currency, now)))
                    .toList();
        });
    }

    /** False when the workspace has one of that name already. */
    boolean insert(Budget budget, Caller caller) {
        return database.inTransaction(tx -> {
            if (tx.fetchCount(BUDGET, BUDGET.WORKSPACE_ID.eq(budget.workspaceId())) >= MOST) {
                throw new ApiException(
                        ErrorCode.RESOURCE_LIMIT_EXCEEDED, "A workspace has at most " + MOST + " budgets");
            }
            Map<Field<?>, Object> row = row(budget);
            row.put(BUDGET.BUDGET_ID, budget.budgetId());
            row.put(BUDGET.WORKSPACE_ID, budget.workspaceId());
            row.put(BUDGET.CREATOR_USER_NAME, budget.creatorUserName());
            row.put(BUDGET.CREATED_AT, budget.createdAt());
            boolean inserted =
                    tx.insertInto(BUDGET).set(row).onConflictDoNothing().execute() == 1;
            if (inserted) {
                record(tx, caller, budget);
            }
            return inserted;
        });
    }

    Optional<Budget> find(long workspaceId, String budgetId) {
        return database.context()
                .selectFrom(BUDGET)
                .where(BUDGET.WORKSPACE_ID.eq(workspaceId), BUDGET.BUDGET_ID.eq(budgetId))
                .fetchOptional(BudgetStore::budget);
    }

    /** What became of a change. */
    enum Updated {
        DONE,
        NAME_TAKEN,
        GONE
    }

    Updated update(Budget budget, Caller caller) {
        try {
            return database.inTransaction(tx -> {
                boolean there = tx.update(BUDGET)
                                .set(row(budget))
                                .where(BUDGET.WORKSPACE_ID.eq(budget.workspaceId()))
                                .and(BUDGET.BUDGET_ID.eq(budget.budgetId()))
                                .execute()
                        == 1;
                if (there) {
                    record(tx, caller, budget);
                }
                return there ? Updated.DONE : Updated.GONE;
            });
        } catch (IntegrityConstraintViolationException taken) {
            return Updated.NAME_TAKEN;
        }
    }

    boolean delete(Budget budget, Caller caller) {
        return database.inTransaction(tx -> {
            boolean there = tx.deleteFrom(BUDGET)
                            .where(BUDGET.WORKSPACE_ID.eq(budget.workspaceId()))
                            .and(BUDGET.BUDGET_ID.eq(budget.budgetId()))
                            .execute()
                    == 1;
            if (there) {
                tx.deleteFrom(BUDGET_NOTICE)
                        .where(BUDGET_NOTICE.WORKSPACE_ID.eq(budget.workspaceId()))
                        .and(BUDGET_NOTICE.BUDGET_ID.eq(budget.budgetId()))
                        .execute();
                record(tx, caller, budget);
            }
            return there;
        });
    }

    private static void record(DSLContext tx, Caller caller, Budget budget) {
        Budget.Terms terms = budget.terms();
        Audit.record(
                tx,
                caller,
                "budget/" + budget.budgetId(),
                Map.of(
                        "name", terms.name(),
                        "scope", terms.scope().words(),
                        "period", terms.period().name(),
                        "amount", terms.amount().toPlainString(),
                        "thresholds", Json.write(terms.thresholds())));
    }

    private static Map<Field<?>, Object> row(Budget budget) {
        Budget.Terms terms = budget.terms();
        Budget.Scope scope = terms.scope();
        @Nullable
        Object[] pairs = {
            BUDGET.NAME, terms.name(),
            BUDGET.SCOPE, scope.kind().name(),
            BUDGET.USER_ID, scope.userId(),
            BUDGET.USER_NAME, scope.userName(),
            BUDGET.TAG_KEY, scope.key(),
            BUDGET.TAG_VALUE, scope.value(),
            BUDGET.PERIOD, terms.period().name(),
            BUDGET.AMOUNT, terms.amount(),
            BUDGET.THRESHOLDS, Json.write(terms.thresholds()),
            BUDGET.GRACE_MINUTES, terms.graceMinutes(),
            BUDGET.UPDATED_AT, budget.updatedAt()
        };
        Map<Field<?>, Object> row = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put((Field<?>) pairs[i], pairs[i + 1]);
        }
        return row;
    }

    private static Budget budget(BudgetRecord row) {
        return new Budget(
                row.getBudgetId(),
                row.getWorkspaceId(),
                new Budget.Terms(
                        row.getName(),
                        new Budget.Scope(
                                Budget.Kind.valueOf(row.getScope()),
                                row.getUserId(),
                                row.getUserName(),
                                row.getTagKey(),
                                row.getTagValue()),
                        Budget.Period.valueOf(row.getPeriod()),
                        row.getAmount(),
                        thresholds(row.getThresholds()),
                        row.getGraceMinutes()),
                row.getCreatorUserName(),
                row.getCreatedAt(),
                row.getUpdatedAt());
    }

    private static List<Budget.Threshold> thresholds(String json) {
        return List.of(Json.read(json, Budget.Threshold[].class));
    }
}
