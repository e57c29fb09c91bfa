package io.campanile.gateway.upstream;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.util.OptionalLong;

/** The workspace of this installation's first start: what an anonymous client is told it talks to. */
public final class Installation {
    private static final String PATH = "/internal/installation";

    private final ServiceCalls services;
    private volatile long workspaceId;

    public Installation(ServiceCalls services) {
        this.services = requireNonNull(services, "services");
    }

    /** What is known now, without asking. */
    public OptionalLong known() {
        return workspaceId == 0 ? OptionalLong.empty() : OptionalLong.of(workspaceId);
    }

    /**
     * The workspace that everybody who comes to the plain address means: there is none as soon as there are several.
     * Client libraries send back whatever workspace they are told of here, whoever's credential they hold: an answer
     * that was true a moment ago would lock the users of a new workspace out.
     */
    public Future<OptionalLong> only(String requestId) {
        return services.get("identity", PATH, requestId).map(answer -> {
            workspaceId = answer.path("workspace_id").asLong();
            return answer.path("only").asBoolean() ? OptionalLong.of(workspaceId) : OptionalLong.empty();
        });
    }
}
