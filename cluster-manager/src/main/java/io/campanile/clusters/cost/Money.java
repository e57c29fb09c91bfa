package io.campanile.clusters.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Amounts, as they are compared, shown and said. */
final class Money {
    /** Digits behind the point, as prices have them. */
    static final int DIGITS = 6;

    private static final BigDecimal HOUR = BigDecimal.valueOf(UsageHours.HOUR);

    private Money() {}

    /** {@code priced}: prices per hour times milliseconds. */
    static BigDecimal ofPriced(BigDecimal priced) {
        return priced.divide(HOUR, DIGITS, RoundingMode.HALF_UP);
    }

    static BigDecimal during(BigDecimal perHour, Duration time) {
        return ofPriced(perHour.multiply(BigDecimal.valueOf(time.toMillis())));
    }

    /** With at least two digits behind the point, and no more than say something. */
    static String words(BigDecimal amount, String currency) {
        BigDecimal plain = amount.stripTrailingZeros();
        return plain.setScale(Math.max(2, Math.min(DIGITS, plain.scale())), RoundingMode.HALF_UP)
                        .toPlainString()
                + " " + currency;
    }
}
