package io.campanile.clusters.cost;

import static io.campanile.clusters.db.Tables.NODE_PRICE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import java.math.BigDecimal;
import java.util.TreeSet;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jspecify.annotations.Nullable;

/** All SQL of prices, which are the installation's and no workspace's. */
public final class PriceStore {
    private final Database database;
    private final Prices now;

    /** {@code now}: those of the settings. */
    public PriceStore(Database database, Prices now) {
        this.database = requireNonNull(database, "database");
        this.now = requireNonNull(now, "now");
    }

    /** Notes the prices that others hold from now on than before. */
    public void note(long at) {
        database.transact(tx -> {
            PriceHistory before = history(tx);
            var types = new TreeSet<>(now.perHour().keySet());
            types.addAll(
                    tx.selectDistinct(NODE_PRICE.NODE_TYPE_ID).from(NODE_PRICE).fetch(NODE_PRICE.NODE_TYPE_ID));
            for (String type : types) {
                @Nullable BigDecimal price = now.of(type).orElse(null);
                PriceHistory.Price last = before.at(type, Long.MAX_VALUE);
                if (!same(price, last.perHour()) || !last.currency().equals(now.currency())) {
                    tx.insertInto(NODE_PRICE)
                            .set(NODE_PRICE.NODE_TYPE_ID, type)
                            .set(NODE_PRICE.SINCE, at)
                            .set(NODE_PRICE.PRICE, price)
                            .set(NODE_PRICE.CURRENCY, now.currency())
                            .onConflict(NODE_PRICE.NODE_TYPE_ID, NODE_PRICE.SINCE)
                            .doUpdate()
                            .set(NODE_PRICE.PRICE, price)
                            .set(NODE_PRICE.CURRENCY, now.currency())
                            .execute();
                }
            }
        });
    }

    PriceHistory history(DSLContext tx) {
        return new PriceHistory(
                tx.select(NODE_PRICE.NODE_TYPE_ID, NODE_PRICE.SINCE, NODE_PRICE.PRICE, NODE_PRICE.CURRENCY)
                        .from(NODE_PRICE)
                        .fetch(Records.mapping(PriceHistory.Price::new)),
                now.currency());
    }

    private static boolean same(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null ? one == other : one.compareTo(other) == 0;
    }
}
