package io.campanile.clusters.cost;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a node was used within one hour.
 *
 * @param hourAt when the hour began, in milliseconds since the epoch
 * @param price per hour; null where there was none
 */
record UsageRow(
        String nodeId,
        long hourAt,
        Of of,
        String nodeTypeId,
        String role,
        long millis,
        @Nullable BigDecimal price,
        String currency) {

    /** Whose it was and for what. */
    record Of(String clusterId, String clusterName, long ownerUserId, String ownerUserName, Map<String, String> tags) {
        Of {
            tags = Map.copyOf(tags);
        }
    }

    Sum sum() {
        return new Sum(millis, price == null ? null : price.multiply(BigDecimal.valueOf(millis)));
    }

    /**
     * Usage added up.
     *
     * @param priced price times milliseconds, which loses nothing however often it is added; null: nothing had a price
     */
    record Sum(long millis, @Nullable BigDecimal priced) {
        static final Sum NONE = new Sum(0, null);

        Sum plus(Sum other) {
            BigDecimal both = priced == null ? other.priced : other.priced == null ? priced : priced.add(other.priced);
            return new Sum(millis + other.millis, both);
        }

        /** In the currency; null when nothing had a price. */
        @Nullable
        BigDecimal amount() {
            return priced == null ? null : Money.ofPriced(priced);
        }
    }
}
