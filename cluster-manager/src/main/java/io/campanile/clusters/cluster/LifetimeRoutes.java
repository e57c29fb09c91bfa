package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our own route to what administrators set for all clusters of their workspace; the public API has none. */
public final class LifetimeRoutes {
    private static final String PATH = "/api/campanile/v1/clusters/settings";
    private static final long SHORTEST = 10;
    private static final long LONGEST = 366 * 24 * 60;

    private final LifetimeStore lifetimes;

    public LifetimeRoutes(LifetimeStore lifetimes) {
        this.lifetimes = requireNonNull(lifetimes, "lifetimes");
    }

    public void mount(Endpoints api) {
        api.get(PATH, Requires.user("clusters.settings.read", "cluster"), (caller, context) -> answer(caller));
        Requires admin = Requires.admin("clusters.settings.update", "cluster");
        api.handle(HttpMethod.PATCH, PATH, admin, (caller, context) -> {
            lifetimes.set(caller, Endpoints.readBody(context, Wish.class).minutes());
            return answer(caller);
        });
    }

    record Wish(@Nullable Long maxLifetimeMinutes) {
        /** 0: as long as they like. A word that is misspelt does not say that. */
        long minutes() {
            long minutes = ApiException.require(maxLifetimeMinutes, "max_lifetime_minutes");
            if (minutes != 0 && (minutes < SHORTEST || minutes > LONGEST)) {
                throw ApiException.invalid(
                        "max_lifetime_minutes must be 0 (none) or between " + SHORTEST + " and " + LONGEST);
            }
            return minutes;
        }
    }

    private Map<String, Object> answer(Caller caller) {
        return Map.of("max_lifetime_minutes", lifetimes.minutes(caller.workspaceId()));
    }
}
