package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our own routes to budgets. The public API has budgets of the account, which only send mail. */
public final class BudgetRoutes {
    private static final String BASE = "/api/campanile/v1/budgets";
    private static final String ONE = BASE + "/:budget_id";

    private final BudgetService budgets;
    private final String currency;

    public BudgetRoutes(BudgetService budgets, String currency) {
        this.budgets = requireNonNull(budgets, "budgets");
        this.currency = requireNonNull(currency, "currency");
    }

    public void mount(Endpoints api) {
        String resource = "budget";
        api.get(
                BASE,
                Requires.user("budgets.list", resource),
                (caller, context) -> Map.of(
                        "budgets", budgets.list(caller).stream().map(this::wire).toList()));
        api.post(
                BASE,
                Requires.admin("budgets.create", resource),
                BudgetBody.class,
                (caller, body) -> one(caller, budgets.create(caller, body).budgetId()));
        api.get(
                BASE + "/notices",
                Requires.user("budgets.notices", resource),
                (caller, context) -> Map.of("notices", budgets.notices(caller), "currency", currency));
        api.get(ONE, Requires.admin("budgets.get", resource), (caller, context) -> one(caller, id(context)));
        api.handle(HttpMethod.PATCH, ONE, Requires.admin("budgets.update", resource), (caller, context) -> {
            String id = id(context);
            budgets.update(caller, id, Endpoints.readBody(context, BudgetBody.class));
            return one(caller, id);
        });
        api.handle(HttpMethod.DELETE, ONE, Requires.admin("budgets.delete", resource), (caller, context) -> {
            budgets.delete(caller, id(context));
            return Map.of();
        });
    }

    private Map<String, Object> one(Caller caller, String budgetId) {
        return wire(budgets.get(caller, budgetId));
    }

    private Map<String, Object> wire(BudgetStore.Standing standing) {
        Budget budget = standing.budget();
        Budget.Terms terms = budget.terms();
        Budget.Scope scope = terms.scope();
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("budget_id", budget.budgetId());
        wire.put("name", terms.name());
        wire.put("scope", scope.kind());
        put(wire, "user_name", scope.userName());
        put(wire, "tag_key", scope.key());
        put(wire, "tag_value", scope.value());
        wire.put("period", terms.period());
        wire.put("amount", terms.amount());
        wire.put("currency", currency);
        wire.put("thresholds", terms.thresholds());
        wire.put("grace_minutes", terms.graceMinutes());
        wire.put("spent", standing.spent());
        put(wire, "reached", reached(standing));
        wire.put("period_ends_at", terms.period().end(budgets.now()));
        wire.put("creator_user_name", budget.creatorUserName());
        wire.put("created_at", budget.createdAt());
        wire.put("updated_at", budget.updatedAt());
        return wire;
    }

    /** The most that is brought about by what was spent; null when nothing is. */
    private static Budget.@Nullable Action reached(BudgetStore.Standing standing) {
        Budget.Action reached = null;
        for (Budget.Action action : Budget.Action.values()) {
            reached = standing.budget().reaches(action, standing.spent()) ? action : reached;
        }
        return reached;
    }

    private static void put(Map<String, Object> wire, String field, @Nullable Object value) {
        if (value != null) {
            wire.put(field, value);
        }
    }

    private static String id(RoutingContext context) {
        return ApiException.require(context.pathParam("budget_id"), "budget_id");
    }
}
