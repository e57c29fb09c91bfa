package io.campanile.common.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressPolicyTest {
    @Test
    void rangesHoldWhatTheirBitsSay() {
        assertThat(holds("10.0.0.0/8", "10.255.0.1")).isTrue();
        assertThat(holds("10.0.0.0/8", "11.0.0.1")).isFalse();
        assertThat(holds("192.0.2.128/25", "192.0.2.127")).isFalse();
        assertThat(holds("192.0.2.128/25", "192.0.2.200")).isTrue();
        assertThat(holds("0.0.0.0/0", "203.0.113.9")).isTrue();
        assertThat(holds("0.0.0.0/0", "2001:db8::1")).isFalse();
        assertThat(holds("2001:db8::/33", "2001:db8:7fff::1")).isTrue();
        assertThat(holds("2001:db8::/33", "2001:db8:8000::1")).isFalse();
        assertThat(holds("192.0.2.1", "::ffff:192.0.2.1")).isTrue();
        assertThat(holds("::ffff:192.0.2.0/120", "192.0.2.77")).isTrue();
        assertThat(holds("fe80::/10", "fe80:0:0:0:1:2:3:4%eth0")).isTrue();
        assertThat(holds("192.0.2.1", "not an address")).isFalse();
    }

    @Test
    void whatIsNoRangeIsNotRead() {
        for (String wrong : List.of(
                "",
                "localhost",
                "1.2.3",
                "1.2.3.4/33",
                "1.2.3.4/24",
                "::1/129",
                "1.2.3.4/-1",
                "1.2.3.4/8/8",
                " 1.2.3.4")) {
            assertThat(AddressRange.parse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void blockedWinsAndAnythingAllowedShutsOutTheRest() {
        AddressPolicy policy = new AddressPolicy(List.of("10.0.0.0/8"), List.of("10.1.0.0/16"));

        assertThat(policy.permits("10.2.3.4")).isTrue();
        assertThat(policy.permits("10.1.3.4")).isFalse();
        assertThat(policy.permits("192.0.2.1")).isFalse();
        assertThat(new AddressPolicy(List.of(), List.of("10.1.0.0/16")).permits("192.0.2.1"))
                .isTrue();
        assertThat(AddressPolicy.EVERYWHERE.permits("192.0.2.1")).isTrue();
    }

    private static boolean holds(String range, String address) {
        return AddressRange.parse(range).orElseThrow().holds(address);
    }
}
