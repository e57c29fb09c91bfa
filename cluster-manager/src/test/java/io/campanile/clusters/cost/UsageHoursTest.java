package io.campanile.clusters.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lives of nodes cut into hours of UTC, and the periods of budgets. */
final class UsageHoursTest {
    private static final UsageRow.Of OF = new UsageRow.Of("c", "cluster", 7, "ann@example.com", Map.of());
    private static final PriceHistory NONE = new PriceHistory(List.of(), "EUR");

    @Test
    void eachHourHasOneRow() {
        List<UsageRow> rows = rows(life("2026-10-25T00:40:00Z", "2026-10-25T03:10:00.250Z"));

        // In local time an hour of that night comes twice in places; here it does not.
        assertThat(rows.stream().map(row -> Instant.ofEpochMilli(row.hourAt()) + " " + row.millis()))
                .containsExactly(
                        "2026-10-25T00:00:00Z 1200000",
                        "2026-10-25T01:00:00Z 3600000",
                        "2026-10-25T02:00:00Z 3600000",
                        "2026-10-25T03:00:00Z 600250");
    }

    @Test
    void endsOnTheHourBelongToTheHourBefore() {
        assertThat(rows(life("2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z")))
                .singleElement()
                .satisfies(row -> assertThat(row.millis()).isEqualTo(3_600_000));
        assertThat(rows(life("2026-01-01T10:59:59.999Z", "2026-01-01T11:00:00.001Z")))
                .extracting(UsageRow::millis)
                .containsExactly(1L, 1L);
        assertThat(rows(life("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"))).isEmpty();
    }

    @Test
    void whateverIsCutAddsUp() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            long start = 1_700_000_000_000L + random.nextInt(20_000_000);
            long end = start + random.nextInt(40_000_000);
            NodeLife whole = life(start, end, null);
            assertThat(UsageHours.open(whole, end, NONE).stream()
                            .mapToLong(UsageRow::millis)
                            .sum())
                    .isEqualTo(end - start);

            // What is written by the hour and what is open make the whole, wherever it is looked at.
            long now = start + random.nextInt((int) (end - start) + 1);
            long full = Math.max(start, UsageHours.floor(now));
            long written = UsageHours.rows(whole, start, full, NONE).stream()
                    .mapToLong(UsageRow::millis)
                    .sum();
            long open = UsageHours.open(life(start, null, full), now, NONE).stream()
                    .mapToLong(UsageRow::millis)
                    .sum();
            assertThat(written + open).isEqualTo(now - start);
        }
    }

    @Test
    void anHourCostsWhatHeldWhenItBegan() {
        long from = at("2026-01-01T10:30:00Z");
        PriceHistory history = new PriceHistory(
                List.of(
                        new PriceHistory.Price("small", at("2026-01-01T10:00:00Z"), new BigDecimal("1"), "EUR"),
                        new PriceHistory.Price("small", at("2026-01-01T11:20:00Z"), new BigDecimal("2"), "EUR"),
                        new PriceHistory.Price("small", at("2026-01-01T13:00:00Z"), null, "EUR")),
                "EUR");

        List<UsageRow> rows = UsageHours.rows(life(from, null, null), from, at("2026-01-01T14:00:00Z"), history);

        assertThat(rows)
                .extracting(UsageRow::price)
                .containsExactly(new BigDecimal("1"), new BigDecimal("1"), new BigDecimal("2"), null);
        UsageRow.Sum sum = rows.stream().map(UsageRow::sum).reduce(UsageRow.Sum.NONE, UsageRow.Sum::plus);
        assertThat(sum.millis()).isEqualTo(12_600_000);
        assertThat(sum.amount()).isEqualByComparingTo("3.5");
    }

    @Test
    void amountsOfManySmallPartsAreNotRoundedOneByOne() {
        UsageRow.Sum sum = UsageRow.Sum.NONE;
        for (int i = 0; i < 3_600_000; i += 1_000) {
            sum = sum.plus(new UsageRow.Sum(1_000, new BigDecimal("0.000001").multiply(BigDecimal.valueOf(1_000))));
        }

        assertThat(sum.amount()).isEqualByComparingTo("0.000001");
    }

    @Test
    void periodsAreDaysAndMonthsOfUtc() {
        long now = at("2028-02-29T23:59:59.999Z");

        assertThat(Budget.Period.DAY.begin(now)).isEqualTo(at("2028-02-29T00:00:00Z"));
        assertThat(Budget.Period.DAY.end(now)).isEqualTo(at("2028-03-01T00:00:00Z"));
        assertThat(Budget.Period.MONTH.begin(now)).isEqualTo(at("2028-02-01T00:00:00Z"));
        assertThat(Budget.Period.MONTH.end(now)).isEqualTo(at("2028-03-01T00:00:00Z"));
        assertThat(Budget.Period.MONTH.end(at("2026-12-31T12:00:00Z"))).isEqualTo(at("2027-01-01T00:00:00Z"));
    }

    private static List<UsageRow> rows(NodeLife life) {
        return UsageHours.open(life, 0, NONE);
    }

    private static NodeLife life(String start, String end) {
        return life(at(start), at(end), null);
    }

    private static NodeLife life(long start, @Nullable Long end, @Nullable Long written) {
        return new NodeLife(1, "n1", OF, "small", "DRIVER", start, end, written);
    }

    private static long at(String time) {
        return Instant.parse(time).toEpochMilli();
    }
}
