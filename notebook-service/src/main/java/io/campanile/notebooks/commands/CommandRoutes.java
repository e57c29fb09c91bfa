package io.campanile.notebooks.commands;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/1.2}: camel case, and failures in words of their own. */
public final class CommandRoutes {
    private static final String BASE = "/api/1.2/";

    private final ContextService contexts;
    private final CommandService commands;

    public CommandRoutes(ContextService contexts, CommandService commands) {
        this.contexts = requireNonNull(contexts, "contexts");
        this.commands = requireNonNull(commands, "commands");
    }

    public void mount(Endpoints api) {
        api.dialect(BASE, new Api12Dialect());
        api.post(
                BASE + "contexts/create",
                Requires.object("contexts.create", "cluster"),
                CreateContext.class,
                (caller, body) -> Map.of("id", contexts.create(caller, body.clusterId(), body.language())));
        api.get(BASE + "contexts/status", Requires.object("contexts.read", "context"), this::contextStatus);
        api.post(
                BASE + "contexts/destroy",
                Requires.object("contexts.destroy", "context"),
                DestroyContext.class,
                (caller, body) -> {
                    contexts.destroy(caller, body.clusterId(), body.contextId());
                    return Map.of();
                });
        api.post(
                BASE + "commands/execute",
                Requires.object("commands.execute", "context"),
                Execute.class,
                (caller, body) -> Map.of("id", commands.execute(caller, body)));
        api.get(BASE + "commands/status", Requires.object("commands.read", "command"), this::commandStatus);
        api.post(
                BASE + "commands/cancel",
                Requires.object("commands.cancel", "command"),
                CancelCommand.class,
                (caller, body) -> {
                    commands.cancel(caller, body.clusterId(), body.contextId(), body.commandId());
                    return Map.of();
                });
    }

    private Object contextStatus(Caller caller, RoutingContext request) {
        String contextId = parameter(request, "contextId");
        ContextState state = contexts.status(caller, parameter(request, "clusterId"), contextId);
        return Map.of("id", contextId, "status", state.shown());
    }

    private Object commandStatus(Caller caller, RoutingContext request) {
        String clusterId = parameter(request, "clusterId");
        String contextId = parameter(request, "contextId");
        return commands.status(caller, clusterId, contextId, parameter(request, "commandId"));
    }

    private static String parameter(RoutingContext request, String name) {
        return filled(request.request().getParam(name), name);
    }

    private static String filled(@Nullable String value, String name) {
        return ApiException.require(value == null || value.isBlank() ? null : value, name);
    }

    record CreateContext(
            @JsonProperty("clusterId") String clusterId,
            @JsonProperty("language") String language) {
        CreateContext {
            filled(clusterId, "clusterId");
            filled(language, "language");
        }
    }

    record DestroyContext(
            @JsonProperty("clusterId") String clusterId,
            @JsonProperty("contextId") String contextId) {
        DestroyContext {
            filled(clusterId, "clusterId");
            filled(contextId, "contextId");
        }
    }

    /** @param language that of the context where it is absent */
    record Execute(
            @JsonProperty("clusterId") String clusterId,
            @JsonProperty("contextId") String contextId,
            @JsonProperty("language") @Nullable String language,
            @JsonProperty("command") String command) {
        Execute {
            filled(clusterId, "clusterId");
            filled(contextId, "contextId");
            ApiException.require(command, "command");
        }
    }

    record CancelCommand(
            @JsonProperty("clusterId") String clusterId,
            @JsonProperty("contextId") String contextId,
            @JsonProperty("commandId") String commandId) {
        CancelCommand {
            filled(clusterId, "clusterId");
            filled(contextId, "contextId");
            filled(commandId, "commandId");
        }
    }
}
