package io.campanile.common.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import org.junit.jupiter.api.Test;

final class PlacesTest {
    private static final Caller ALICE = person(1, 7);
    private static final Caller BOB = person(1, 8);
    private static final Caller STRANGER = person(2, 7);

    @Test
    void onePersonHasHalfOneWorkspaceThreeQuartersAndAnotherTheRest() {
        Places places = new Places(8);

        assertThat(taken(places, ALICE)).isEqualTo(4);
        assertThat(taken(places, BOB)).isEqualTo(2);
        assertThat(taken(places, STRANGER)).isEqualTo(2);
        assertThat(taken(places, person(3, 9))).isZero();

        places.give(ALICE);
        assertThat(taken(places, BOB)).isEqualTo(1);
        places.give(STRANGER);
        assertThat(places.take(ALICE)).as("the workspace has its share").isFalse();
        assertThat(places.take(STRANGER)).isTrue();
    }

    @Test
    void onePlaceIsForWhoeverComes() {
        Places places = new Places(1);

        assertThat(places.take(ALICE)).isTrue();
        assertThat(places.take(STRANGER)).isFalse();
        places.give(ALICE);
        assertThat(places.take(STRANGER)).isTrue();
    }

    private static int taken(Places places, Caller caller) {
        int count = 0;
        while (places.take(caller)) {
            count++;
        }
        return count;
    }

    private static Caller person(long workspaceId, long userId) {
        return new Caller(workspaceId, userId, "user-" + userId, false, null, "request-1");
    }
}
