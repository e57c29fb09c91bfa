package io.campanile.clusters.cost;

import io.campanile.common.errors.ApiException;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A budget as it is sent: all of it when one is made, what is to change of one that is there. */
record BudgetBody(
        @Nullable String name,
        @Nullable String scope,
        @Nullable String userName,
        @Nullable String tagKey,
        @Nullable String tagValue,
        @Nullable String period,
        @Nullable BigDecimal amount,
        @Nullable List<ThresholdBody> thresholds,
        @Nullable Long graceMinutes) {
    private static final int LONGEST_NAME = 100;
    private static final int MOST_THRESHOLDS = 10;
    private static final int MOST_PERCENT = 1_000;
    private static final long LONGEST_GRACE = 24 * 60;
    private static final long USUAL_GRACE = 15;
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

    record ThresholdBody(
            @Nullable Integer percent, @Nullable String action) {}

    /** Finds the id of a user of the workspace; fails when there is none. */
    interface Users {
        long idOf(String userName);
    }

    /** {@code before} null: a new one. */
    Budget.Terms terms(Budget.@Nullable Terms before, Users users) {
        return new Budget.Terms(
                named(before == null ? null : before.name()),
                scope(before == null ? null : before.scope(), users),
                period == null && before != null
                        ? before.period()
                        : oneOf(Budget.Period.class, period == null ? "MONTH" : period, "period"),
                amount == null && before != null ? before.amount() : checkedAmount(),
                thresholds == null && before != null ? before.thresholds() : checkedThresholds(),
                graceMinutes == null
                        ? (before == null ? USUAL_GRACE : before.graceMinutes())
                        : checkedGrace(graceMinutes));
    }

    private String named(@Nullable String before) {
        String given =
                ApiException.require(name == null ? before : name, "name").strip();
        if (given.isEmpty() || given.length() > LONGEST_NAME || given.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid("name must have 1 to " + LONGEST_NAME + " characters and no control characters");
        }
        return given;
    }

    private Budget.Scope scope(Budget.@Nullable Scope before, Users users) {
        Budget.Kind kind = scope == null && before != null
                ? before.kind()
                : oneOf(Budget.Kind.class, scope == null ? "WORKSPACE" : scope, "scope");
        refuseOther(kind);
        if (before != null && before.kind() == kind && userName == null && tagKey == null && tagValue == null) {
            return before;
        }
        return switch (kind) {
            case WORKSPACE -> Budget.Scope.WORKSPACE;
            case USER -> {
                String user = given(userName, "user_name");
                yield new Budget.Scope(kind, users.idOf(user), user, null, null);
            }
            case TAG ->
                new Budget.Scope(
                        kind,
                        null,
                        null,
                        tag(tagKey == null && before != null ? before.key() : tagKey, "tag_key", 127),
                        tag(tagValue == null && before != null ? before.value() : tagValue, "tag_value", 255));
        };
    }

    /** What says something else than the scope is a slip, and would be about other clusters than somebody thinks. */
    private void refuseOther(Budget.Kind kind) {
        if (kind != Budget.Kind.USER && userName != null) {
            throw ApiException.invalid("user_name is for budgets of scope USER, not " + kind);
        }
        if (kind != Budget.Kind.TAG && (tagKey != null || tagValue != null)) {
            throw ApiException.invalid("tag_key and tag_value are for budgets of scope TAG, not " + kind);
        }
    }

    private static String given(@Nullable String text, String field) {
        return ApiException.require(text == null || text.isEmpty() ? null : text, field);
    }

    private static String tag(@Nullable String text, String field, int longest) {
        String given = given(text, field);
        if (given.length() > longest) {
            throw ApiException.invalid(field + " must have at most " + longest + " characters");
        }
        return given;
    }

    private BigDecimal checkedAmount() {
        BigDecimal given = ApiException.require(amount, "amount");
        if (given.signum() <= 0
                || given.compareTo(MOST) > 0
                || given.precision() > 40
                || given.stripTrailingZeros().scale() > Money.DIGITS) {
            throw ApiException.invalid("amount must be more than 0 and at most " + MOST + ", with at most "
                    + Money.DIGITS + " digits behind the point");
        }
        return given;
    }

    private List<Budget.Threshold> checkedThresholds() {
        if (thresholds == null) {
            return List.of(
                    new Budget.Threshold(80, Budget.Action.NOTIFY), new Budget.Threshold(100, Budget.Action.REFUSE));
        }
        if (thresholds.isEmpty() || thresholds.size() > MOST_THRESHOLDS) {
            throw ApiException.invalid("thresholds must be 1 to " + MOST_THRESHOLDS);
        }
        List<Budget.Threshold> checked = thresholds.stream()
                .map(one -> {
                    Integer percent = ApiException.require(one.percent(), "thresholds.percent");
                    if (percent < 1 || percent > MOST_PERCENT) {
                        throw ApiException.invalid("thresholds.percent must be between 1 and " + MOST_PERCENT);
                    }
                    return new Budget.Threshold(
                            percent,
                            oneOf(
                                    Budget.Action.class,
                                    ApiException.require(one.action(), "thresholds.action"),
                                    "thresholds.action"));
                })
                .toList();
        Set<Budget.Action> seen = new HashSet<>();
        for (Budget.Threshold one : checked) {
            if (one.action() != Budget.Action.NOTIFY && !seen.add(one.action())) {
                throw ApiException.invalid("thresholds has " + one.action() + " more than once");
            }
        }
        return checked;
    }

    private static long checkedGrace(long minutes) {
        if (minutes < 0 || minutes > LONGEST_GRACE) {
            throw ApiException.invalid("grace_minutes must be between 0 and " + LONGEST_GRACE);
        }
        return minutes;
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, String text, String field) {
        String asked = text.toUpperCase(Locale.ROOT);
        for (E known : type.getEnumConstants()) {
            if (known.name().equals(asked)) {
                return known;
            }
        }
        throw ApiException.invalid(field + " must be one of "
                + java.util.Arrays.stream(type.getEnumConstants())
                        .map(Enum::name)
                        .collect(Collectors.joining(", ")));
    }
}
