package io.campanile.gateway.upstream;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.util.OptionalLong;

/** The workspace of this installation's first start: what an anonymous client is told it talks to. */
public final class Installation {
    private final ServiceCalls services;
    private volatile long workspaceId;

    public Installation(ServiceCalls services) {
        this.services = requireNonNull(services, "services");
    }

    /** What is known now, without asking. */
    public OptionalLong known() {
        return workspaceId == 0 ? OptionalLong.empty() : OptionalLong.of(workspaceId);
    }

    /** Asks identity until there is an answer; it never changes after that. */
    public Future<OptionalLong> ask(String requestId) {
        if (workspaceId != 0) {
            return Future.succeededFuture(known());
        }
        return services.get("identity", "/internal/installation", requestId).map(answer -> {
            workspaceId = answer.path("workspace_id").asLong();
            return known();
        });
    }
}
