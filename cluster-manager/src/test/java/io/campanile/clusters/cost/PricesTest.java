package io.campanile.clusters.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PricesTest {
    @Test
    void aPriceOfNothingIsNone() {
        Prices prices = Prices.of("local.small -> 0.05, local.medium -> 0,local.large->1.2", "EUR");

        assertThat(prices.perHour()).containsOnlyKeys("local.small", "local.large");
        assertThat(prices.of("local.small")).contains(new BigDecimal("0.05"));
        assertThat(prices.of("local.medium")).isEmpty();
        assertThat(Prices.of("", "EUR").perHour()).isEmpty();
    }

    @Test
    void aClusterCostsItsDriverAndItsWorkers() {
        Prices prices = Prices.of("small -> 0.05, large -> 0.2", "EUR");

        assertThat(prices.of("large", "small", 3)).isEqualByComparingTo("0.35");
        assertThat(prices.of("small", "unknown", 3)).isEqualByComparingTo("0.05");
        assertThat(prices.of("unknown", "unknown", 3)).isEqualByComparingTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local.small",
                "local.small -> ",
                "-> 1",
                "a -> -1",
                "a -> 1,",
                "a -> 0.0000001",
                "a -> 1, a -> 2"
            })
    void whatCannotBeReadIsRefusedWithTheForm(String text) {
        assertThatThrownBy(() -> Prices.of(text, "EUR"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cluster-manager.cost.prices must be like");
    }

    @Test
    void aCurrencyHasThreeLetters() {
        assertThatThrownBy(() -> Prices.of("", "euro"))
                .hasMessageContaining("cluster-manager.cost.currency must be three capital letters");
    }

    @Test
    void amountsAreSaidWithTheDigitsThatSaySomething() {
        assertThat(Money.words(new BigDecimal("12.500000"), "EUR")).isEqualTo("12.50 EUR");
        assertThat(Money.words(new BigDecimal("0.000123"), "EUR")).isEqualTo("0.000123 EUR");
        assertThat(Money.words(new BigDecimal("100"), "EUR")).isEqualTo("100.00 EUR");
    }
}
