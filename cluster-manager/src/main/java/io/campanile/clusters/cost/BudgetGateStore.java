package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.DSLContext;

/** Lets a cluster start or grow only if every budget that it is in can afford it. */
public final class BudgetGateStore {
    private final PriceStore priceStore;
    private final Prices prices;
    private final Duration ahead;
    private final Clock clock;

    /** {@code ahead}: for how long all that then runs must be affordable. */
    public BudgetGateStore(PriceStore priceStore, Prices prices, Duration ahead, Clock clock) {
        this.priceStore = requireNonNull(priceStore, "priceStore");
        this.prices = requireNonNull(prices, "prices");
        this.ahead = requireNonNull(ahead, "ahead");
        this.clock = requireNonNull(clock, "clock");
    }

    public Prices prices() {
        return prices;
    }

    /** Before a cluster of which nothing runs becomes somebody else's: what ran was not theirs. */
    public void settle(DSLContext tx, long workspaceId, String clusterId) {
        UsageStore.settleGone(tx, priceStore, workspaceId, clusterId);
    }

    /**
     * Looks under the lock of the budgets, to the end of the transaction: of many starts at once each sees those before
     * it.
     *
     * @param others that run or are to run in the workspace
     */
    public void require(DSLContext tx, long workspaceId, Wanted wanted, Supplier<List<Wanted>> others) {
        List<Budget> concerned = BudgetStore.lock(tx, workspaceId).stream()
                .filter(budget -> budget.scope().covers(wanted.ownerUserId(), wanted.tags()))
                .toList();
        if (concerned.isEmpty()) {
            return;
        }
        long now = clock.millis();
        List<UsageRow> open = UsageStore.open(tx, priceStore, workspaceId, now);
        List<Wanted> running = others.get();
        for (Budget budget : concerned) {
            BigDecimal rate = running.stream()
                    .filter(other -> !other.clusterId().equals(wanted.clusterId()))
                    .filter(other -> budget.scope().covers(other.ownerUserId(), other.tags()))
                    .map(other -> other.rate(prices))
                    .reduce(wanted.rate(prices), BigDecimal::add);
            BigDecimal spent = BudgetStore.spent(tx, budget, open, prices.currency(), now);
            refusal(budget, spent, rate, now).ifPresent(message -> {
                throw new ApiException(ErrorCode.RESOURCE_LIMIT_EXCEEDED, message);
            });
        }
    }

    private Optional<String> refusal(Budget budget, BigDecimal spent, BigDecimal rate, long now) {
        BigDecimal limit = budget.refusesFrom().orElse(null);
        if (limit == null) {
            return Optional.empty();
        }
        boolean over = spent.compareTo(limit) >= 0;
        boolean soon = spent.add(Money.during(rate, ahead)).compareTo(limit) > 0;
        if (!over && !soon) {
            return Optional.empty();
        }
        Budget.Terms terms = budget.terms();
        String currency = prices.currency();
        String what = "Budget \"" + terms.name() + "\" (" + terms.scope().words() + ") refuses this: "
                + Money.words(spent, currency) + " of " + Money.words(limit, currency) + " are spent "
                + terms.period().words();
        String why = over
                ? ""
                : ", and what would run then costs " + Money.words(rate, currency)
                        + " an hour, which is more than is left" + " for " + ahead.toMinutes() + " minutes";
        return Optional.of(what + why + ". It refuses until "
                + Instant.ofEpochMilli(terms.period().end(now))
                + " unless an administrator raises it");
    }
}
