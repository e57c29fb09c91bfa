package io.campanile.gateway.upstream;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.OptionalLong;

/** The workspace of this installation's first start: what an anonymous client is told it talks to. */
public final class Installation {
    private static final String PATH = "/internal/installation";
    private static final Duration BELIEVED = Duration.ofSeconds(3);

    private final ServiceCalls services;
    private final Cache<String, Future<JsonNode>> answers =
            Caffeine.newBuilder().expireAfterWrite(BELIEVED).build();
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
     * Client libraries send back whatever workspace they are told of here, whoever's credential they hold.
     */
    public Future<OptionalLong> only(String requestId) {
        return ask(requestId)
                .map(answer -> answer.path("only").asBoolean()
                        ? OptionalLong.of(answer.path("workspace_id").asLong())
                        : OptionalLong.empty());
    }

    private Future<JsonNode> ask(String requestId) {
        Future<JsonNode> answered = answers.getIfPresent(PATH);
        if (answered != null) {
            return answered;
        }
        Future<JsonNode> asked = services.get("identity", PATH, requestId);
        answers.put(PATH, asked);
        return asked.onSuccess(
                        answer -> workspaceId = answer.path("workspace_id").asLong())
                .onFailure(failure -> answers.asMap().remove(PATH, asked));
    }
}
