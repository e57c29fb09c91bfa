package io.campanile.common.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import org.junit.jupiter.api.Test;

final class TurnsTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "alice@example.com", false, null, "request-1");

    @Test
    void onePersonHasHalfOfThemAndOthersGoOn() {
        Turns turns = new Turns(4, "Too many archives");

        String deepest = turns.take(
                ALICE,
                () -> turns.take(ALICE, () -> {
                    assertThatThrownBy(() -> turns.take(ALICE, () -> "a third"))
                            .isInstanceOf(ApiException.class)
                            .hasMessageContaining("archives");
                    return turns.take(STRANGER, () -> "another's");
                }));

        assertThat(deepest).isEqualTo("another's");
        assertThat(turns.take(ALICE, () -> turns.take(ALICE, () -> "again"))).isEqualTo("again");
    }
}
