package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What whoever watches budgets sees of them. */
public final class BudgetLook {
    private final BudgetStore budgets;
    private final NoticeStore notices;
    private final String currency;

    public BudgetLook(BudgetStore budgets, NoticeStore notices, String currency) {
        this.budgets = requireNonNull(budgets, "budgets");
        this.notices = requireNonNull(notices, "notices");
        this.currency = requireNonNull(currency, "currency");
    }

    /** A budget, what was spent of it in its present period, and when that ends. */
    public record Seen(Budget budget, BigDecimal spent, String currency, long periodAt, long periodEndsAt) {
        public Notice notice(String clusterId, Budget.Action action, long now) {
            return new Notice(
                    budget.workspaceId(),
                    budget.budgetId(),
                    clusterId,
                    action,
                    periodAt,
                    now,
                    action == Budget.Action.STOP ? now + budget.grace().toMillis() : null);
        }

        /** For the event. */
        public Map<String, Object> details(Notice notice) {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("budget_id", budget.budgetId());
            details.put("budget_name", budget.terms().name());
            details.put("budget_action", notice.action().name());
            details.put("spent", spent);
            details.put("amount", budget.terms().amount());
            details.put("currency", currency);
            Long due = notice.dueAt();
            if (due != null) {
                details.put("ends_at", due);
            }
            details.put("message", is() + consequence(notice));
            return details;
        }

        private String consequence(Notice notice) {
            Long due = notice.dueAt();
            return switch (notice.action()) {
                case NOTIFY -> "";
                case REFUSE -> ": nothing starts or grows until " + Instant.ofEpochMilli(periodEndsAt);
                case STOP ->
                    ": this cluster is terminated at " + Instant.ofEpochMilli(requireNonNull(due))
                            + " unless an administrator raises it";
            };
        }

        /** Why a cluster is ended. */
        public String ending() {
            return "Terminated by budget " + is() + ". It refuses starts until " + Instant.ofEpochMilli(periodEndsAt)
                    + " unless an administrator raises it";
        }

        private String is() {
            Budget.Terms terms = budget.terms();
            return "\"" + terms.name() + "\" (" + terms.scope().words() + "): " + Money.words(spent, currency) + " of "
                    + Money.words(terms.amount(), currency) + " are spent "
                    + terms.period().words();
        }
    }

    public List<Long> workspaces() {
        return notices.workspaces();
    }

    public List<Seen> standings(long workspaceId, long now) {
        return budgets.standings(workspaceId, now).stream()
                .map(standing -> {
                    Budget.Period period = standing.budget().terms().period();
                    return new Seen(standing.budget(), standing.spent(), currency, period.begin(now), period.end(now));
                })
                .toList();
    }

    /** What the clusters of a workspace were told. */
    public List<Notice> told(long workspaceId) {
        return notices.of(workspaceId);
    }

    public void forget(Notice notice) {
        notices.forget(notice);
    }
}
