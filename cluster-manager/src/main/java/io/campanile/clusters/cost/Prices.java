package io.campanile.clusters.cost;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What nodes cost per hour now, by their types. A type without a price is not in it: nothing is said of its cost. */
public record Prices(Map<String, BigDecimal> perHour, String currency) {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern AMOUNT = Pattern.compile("\\d{1,9}(\\.\\d{1,6})?");
    private static final String FORM =
            "cluster-manager.cost.prices must be like 'local.small -> 0.05, local.large -> 0.2'";

    public Prices {
        perHour = java.util.Collections.unmodifiableMap(new TreeMap<>(perHour));
        if (!CURRENCY.matcher(requireNonNull(currency, "currency")).matches()) {
            throw new IllegalArgumentException(
                    "cluster-manager.cost.currency must be three capital letters, such as EUR, not '" + currency + "'");
        }
    }

    /** {@code text}: {@code type -> price, ...}; a price of 0 is none. */
    public static Prices of(String text, String currency) {
        Map<String, BigDecimal> perHour = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank() && text.isBlank()) {
                continue;
            }
            String[] sides = part.split("->", -1);
            if (sides.length != 2
                    || sides[0].isBlank()
                    || sides[0].strip().length() > 64
                    || !AMOUNT.matcher(sides[1].strip()).matches()) {
                throw new IllegalArgumentException(FORM + ", not '" + part.strip() + "'");
            }
            BigDecimal price = new BigDecimal(sides[1].strip());
            if (price.signum() > 0 && perHour.put(sides[0].strip(), price) != null) {
                throw new IllegalArgumentException(FORM + ": " + sides[0].strip() + " is there twice");
            }
        }
        return new Prices(perHour, currency);
    }

    public Optional<BigDecimal> of(String nodeTypeId) {
        return Optional.ofNullable(perHour.get(nodeTypeId));
    }

    /** What a driver and so many workers cost per hour; those without a price cost nothing. */
    public BigDecimal of(String driverTypeId, String workerTypeId, int workers) {
        BigDecimal ofWorkers = of(workerTypeId).orElse(BigDecimal.ZERO).multiply(BigDecimal.valueOf(workers));
        return of(driverTypeId).orElse(BigDecimal.ZERO).add(ofWorkers);
    }
}
