package io.campanile.gateway.upstream;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;

/** Asks identity which workspace has a host name; the answer, also that there is none, is believed for seconds. */
public final class Workspaces {
    private static final Duration BELIEVED = Duration.ofSeconds(3);

    private final ServiceCalls services;
    private final Cache<String, Future<OptionalLong>> known =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(BELIEVED).build();

    public Workspaces(ServiceCalls services) {
        this.services = requireNonNull(services, "services");
    }

    /** {@code hostName}: one label in lower case. */
    public Future<OptionalLong> byHost(String hostName, String requestId) {
        Future<OptionalLong> answered = known.getIfPresent(hostName);
        if (answered != null) {
            return answered;
        }
        Future<OptionalLong> asked = services.get("identity", "/internal/workspaces/hosts/" + hostName, requestId)
                .map(Workspaces::read);
        known.put(hostName, asked);
        return asked.onFailure(failure -> known.asMap().remove(hostName, asked));
    }

    private static OptionalLong read(JsonNode answer) {
        return answer.hasNonNull("workspace_id")
                ? OptionalLong.of(answer.path("workspace_id").asLong())
                : OptionalLong.empty();
    }
}
