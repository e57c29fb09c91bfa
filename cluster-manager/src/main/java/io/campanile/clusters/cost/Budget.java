package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What may be spent within a period, and what happens on the way there. */
public record Budget(
        String budgetId, long workspaceId, Terms terms, String creatorUserName, long createdAt, long updatedAt) {

    /** What an administrator says of it. */
    public record Terms(
            String name, Scope scope, Period period, BigDecimal amount, List<Threshold> thresholds, long graceMinutes) {
        public Terms {
            requireNonNull(name, "name");
            requireNonNull(scope, "scope");
            requireNonNull(period, "period");
            requireNonNull(amount, "amount");
            thresholds = List.copyOf(thresholds);
        }
    }

    /** Whose clusters it is about. */
    public enum Kind {
        WORKSPACE,
        USER,
        TAG
    }

    /**
     * The clusters it is about: all of the workspace, those of a person, or those with a tag.
     *
     * @param key and {@code value} of the tag
     */
    public record Scope(
            Kind kind,
            @Nullable Long userId,
            @Nullable String userName,
            @Nullable String key,
            @Nullable String value) {
        public static final Scope WORKSPACE = new Scope(Kind.WORKSPACE, null, null, null, null);

        boolean covers(long ownerUserId, Map<String, String> tags) {
            return switch (kind) {
                case WORKSPACE -> true;
                case USER -> userId != null && userId == ownerUserId;
                case TAG -> key != null && value != null && value.equals(tags.get(key));
            };
        }

        String words() {
            return switch (kind) {
                case WORKSPACE -> "the workspace";
                case USER -> String.valueOf(userName);
                case TAG -> "tag " + key + ": " + value;
            };
        }
    }

    /** A day or a month of UTC. */
    public enum Period {
        DAY,
        MONTH;

        /** When the one began that {@code now} is in. */
        long begin(long now) {
            return beginOf(now).toInstant().toEpochMilli();
        }

        long end(long now) {
            return beginOf(now)
                    .plus(1, this == DAY ? ChronoUnit.DAYS : ChronoUnit.MONTHS)
                    .toInstant()
                    .toEpochMilli();
        }

        private OffsetDateTime beginOf(long now) {
            OffsetDateTime day =
                    Instant.ofEpochMilli(now).atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
            return this == DAY ? day : day.withDayOfMonth(1);
        }

        String words() {
            return this == DAY ? "today" : "this month";
        }
    }

    /** What happens when so much is spent. */
    public enum Action {
        /** Those concerned are told. */
        NOTIFY,
        /** Nothing starts or grows. */
        REFUSE,
        /** What runs is told, and ended when the time of grace is over. */
        STOP
    }

    /** {@code percent} of the amount. */
    public record Threshold(int percent, Action action) {}

    public Scope scope() {
        return terms.scope();
    }

    /** The amount from which on something happens: the least that says so. */
    Optional<BigDecimal> limit(Action action) {
        return terms.thresholds().stream()
                .filter(threshold -> threshold.action() == action)
                .map(threshold -> of(threshold.percent()))
                .min(BigDecimal::compareTo);
    }

    /** From where on nothing starts: what would be ended at once is not begun. */
    Optional<BigDecimal> refusesFrom() {
        return terms.thresholds().stream()
                .filter(threshold -> threshold.action() != Action.NOTIFY)
                .map(threshold -> of(threshold.percent()))
                .min(BigDecimal::compareTo);
    }

    private BigDecimal of(int percent) {
        return terms.amount().multiply(BigDecimal.valueOf(percent)).movePointLeft(2);
    }

    /** Whether so much brings this about. */
    public boolean reaches(Action action, BigDecimal spent) {
        return limit(action).map(limit -> spent.compareTo(limit) >= 0).orElse(false);
    }

    public Duration grace() {
        return Duration.ofMinutes(terms.graceMinutes());
    }

    /** Whether a cluster is one of those that it is about. */
    public boolean covers(Wanted cluster) {
        return terms.scope().covers(cluster.ownerUserId(), cluster.tags());
    }
}
