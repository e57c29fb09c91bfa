package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** The rules of budgets. That administrators alone change them is said where their routes are mounted. */
public final class BudgetService {
    private final BudgetStore budgets;
    private final NoticeStore notices;
    private final Directory directory;
    private final Clock clock;

    public BudgetService(BudgetStore budgets, NoticeStore notices, Directory directory, Clock clock) {
        this.budgets = requireNonNull(budgets, "budgets");
        this.notices = requireNonNull(notices, "notices");
        this.directory = requireNonNull(directory, "directory");
        this.clock = requireNonNull(clock, "clock");
    }

    Budget create(Caller caller, BudgetBody body) {
        long now = clock.millis();
        Budget budget = new Budget(
                UUID.randomUUID().toString(),
                caller.workspaceId(),
                body.terms(null, name -> idOf(caller, name)),
                caller.userName(),
                now,
                now);
        if (!budgets.insert(budget, caller)) {
            throw taken(budget);
        }
        return budget;
    }

    Budget update(Caller caller, String budgetId, BudgetBody body) {
        Budget before = find(caller, budgetId);
        Budget after = new Budget(
                before.budgetId(),
                before.workspaceId(),
                body.terms(before.terms(), name -> idOf(caller, name)),
                before.creatorUserName(),
                before.createdAt(),
                Math.max(clock.millis(), before.updatedAt() + 1));
        return switch (budgets.update(after, caller)) {
            case DONE -> after;
            case NAME_TAKEN -> throw taken(after);
            case GONE -> throw doesNotExist(budgetId);
        };
    }

    void delete(Caller caller, String budgetId) {
        if (!budgets.delete(find(caller, budgetId), caller)) {
            throw doesNotExist(budgetId);
        }
    }

    BudgetStore.Standing get(Caller caller, String budgetId) {
        return budgets.standings(caller.workspaceId(), clock.millis()).stream()
                .filter(standing -> standing.budget().budgetId().equals(budgetId))
                .findFirst()
                .orElseThrow(() -> doesNotExist(budgetId));
    }

    /** All for an administrator, those that hold for all of their clusters for others. */
    List<BudgetStore.Standing> list(Caller caller) {
        return budgets.standings(caller.workspaceId(), clock.millis()).stream()
                .filter(standing -> {
                    Budget.Scope scope = standing.budget().scope();
                    return caller.admin()
                            || (scope.kind() != Budget.Kind.TAG && scope.covers(caller.userId(), java.util.Map.of()));
                })
                .toList();
    }

    /** What clusters are told that the caller may see: of their own, or all for an administrator. */
    List<NoticeStore.Shown> notices(Caller caller) {
        return notices.shown(caller.workspaceId(), caller.admin() ? null : caller.userId());
    }

    long now() {
        return clock.millis();
    }

    private Budget find(Caller caller, String budgetId) {
        return budgets.find(caller.workspaceId(), budgetId).orElseThrow(() -> doesNotExist(budgetId));
    }

    private long idOf(Caller caller, String name) {
        return directory
                .byName(
                        caller,
                        List.of(
                                new Principal.Name(PrincipalKind.USER, name),
                                new Principal.Name(PrincipalKind.SERVICE_PRINCIPAL, name)))
                .stream()
                .findFirst()
                .map(Principal::principalId)
                .orElseThrow(() -> ApiException.invalid(
                        "user_name must be a user or service principal of this workspace: " + name));
    }

    private static ApiException taken(Budget budget) {
        return new ApiException(
                ErrorCode.RESOURCE_ALREADY_EXISTS,
                "A budget named " + budget.terms().name() + " exists already");
    }

    private static ApiException doesNotExist(String budgetId) {
        return ApiException.notFound("Budget " + budgetId + " does not exist");
    }
}
