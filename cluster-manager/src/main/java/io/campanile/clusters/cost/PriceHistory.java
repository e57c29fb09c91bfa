package io.campanile.clusters.cost;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which price held when: what was used before a change costs what it cost then. */
final class PriceHistory {
    private final Map<String, TreeMap<Long, Price>> byType = new HashMap<>();
    private final String currency;

    /** {@code currency}: of nodes that never had a price. */
    PriceHistory(List<Price> prices, String currency) {
        this.currency = currency;
        prices.forEach(price -> byType.computeIfAbsent(price.nodeTypeId(), type -> new TreeMap<>())
                .put(price.since(), price));
    }

    /** A price from a moment on; {@code perHour} null: none. */
    record Price(String nodeTypeId, long since, @Nullable BigDecimal perHour, String currency) {}

    Price at(String nodeTypeId, long time) {
        TreeMap<Long, Price> prices = byType.get(nodeTypeId);
        Map.Entry<Long, Price> found = prices == null ? null : prices.floorEntry(time);
        return found == null ? new Price(nodeTypeId, 0, null, currency) : found.getValue();
    }
}
