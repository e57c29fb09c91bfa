package io.campanile.gateway.door;

import io.campanile.common.auth.Person;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many requests each has in work: whoever sends many that do not come to an end keeps only himself out. */
final class Turnstile {
    private final int most;
    private final ConcurrentMap<Person, Integer> inside = new ConcurrentHashMap<>();

    Turnstile(int most) {
        this.most = Math.max(1, most);
    }

    /** Counts the request until it ends; refuses one too many. */
    void pass(RoutingContext context, Person who) {
        if (inside.merge(who, 1, Integer::sum) > most) {
            leave(who);
            throw busy();
        }
        context.addEndHandler(ended -> leave(who));
    }

    private void leave(Person who) {
        inside.computeIfPresent(who, (same, count) -> count == 1 ? null : count - 1);
    }

    static ApiException busy() {
        return new ApiException(
                ErrorCode.TEMPORARILY_UNAVAILABLE,
                "Too many requests are in progress; try again",
                List.of(Map.of("retry_after_seconds", 1)),
                null);
    }
}
