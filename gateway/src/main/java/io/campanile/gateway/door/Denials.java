package io.campanile.gateway.door;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campanile.common.http.RequestIds;
import io.campanile.gateway.access.Principal;
import io.campanile.gateway.upstream.ServiceCalls;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells identity's audit log whom the gateway itself has refused. The gateway has no database of its own; a person who
 * is refused for one reason again and again is told of once a minute.
 */
public final class Denials {
    private static final Logger LOG = LoggerFactory.getLogger(Denials.class);

    private final ServiceCalls services;
    private final Cache<String, Boolean> told = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    public Denials(ServiceCalls services) {
        this.services = requireNonNull(services, "services");
    }

    void tell(RoutingContext context, Principal principal, String reason) {
        HttpServerRequest request = context.request();
        String address = request.remoteAddress().hostAddress();
        String key = principal.workspaceId() + " " + principal.userId() + " " + address + " " + reason;
        if (told.asMap().putIfAbsent(key, true) != null) {
            return;
        }
        Map<String, Object> refused = Map.of(
                "workspace_id", principal.workspaceId(),
                "user_id", principal.userId(),
                "user_name", principal.userName(),
                "resource", request.method() + " " + request.path(),
                "reason", reason + " (from " + address + ")");
        services.post("identity", "/internal/refusals", refused, RequestIds.of(context))
                .onFailure(lost -> LOG.atError()
                        .addKeyValue("requestId", RequestIds.of(context))
                        .setCause(lost)
                        .log("A refusal could not be written to the audit log"));
    }
}
