package io.campanile.notebooks.commands;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.runs.Run;
import io.campanile.notebooks.runs.RunState;
import io.campanile.notebooks.runs.SessionRuns;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/** The rules of commands: those of one context run one after the other, each once. Blocking. */
public final class CommandService {
    private final ContextService contexts;
    private final ContextStore store;
    private final SessionRuns sessions;
    private final CommandResults results;
    private final CommandLimits limits;
    private final Clock clock;

    public CommandService(
            ContextService contexts, SessionRuns sessions, CommandResults results, CommandLimits limits, Clock clock) {
        this.contexts = requireNonNull(contexts, "contexts");
        this.store = contexts.store();
        this.sessions = requireNonNull(sessions, "sessions");
        this.results = requireNonNull(results, "results");
        this.limits = requireNonNull(limits, "limits");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Queues a command; answers its id once it cannot be lost any more. */
    String execute(Caller caller, CommandRoutes.Execute asked) {
        if (asked.command().getBytes(StandardCharsets.UTF_8).length > limits.commandBytes()) {
            throw ApiException.invalid("command may have at most " + limits.commandBytes() + " bytes");
        }
        CommandContext context = contexts.own(caller, asked.clusterId(), asked.contextId());
        CommandLanguage language = asked.language() == null ? context.language() : CommandLanguage.of(asked.language());
        requireOpen(contexts.looked(caller, context));
        String commandId = UUID.randomUUID().toString();
        var order = new SessionRuns.Order(
                caller,
                context.session(),
                context.clusterId(),
                context.epoch(),
                commandId,
                language.name(),
                asked.command());
        store.database().transact(tx -> {
            CommandContext held =
                    store.lock(tx, context).orElseThrow(() -> ContextService.missing(context.contextId()));
            requireOpen(held);
            requireRoomForKernel(tx, held);
            sessions.enqueue(tx, order);
            store.used(tx, held, clock.instant());
            Audit.record(tx, caller, resource(commandId), facts(held));
        });
        sessions.wake(context.session());
        return commandId;
    }

    private static void requireOpen(CommandContext context) {
        if (context.state() == ContextState.DESTROYED) {
            throw ContextService.missing(context.contextId());
        }
        if (!context.state().open()) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE,
                    "Context " + context.contextId() + " has ended: " + context.message() + ". Create another one");
        }
    }

    /** The first command of a context starts a process, of which a machine holds few. */
    private void requireRoomForKernel(DSLContext tx, CommandContext context) {
        if (context.hasKernel()) {
            return;
        }
        store.lockCluster(tx, context.workspaceId(), context.clusterId());
        int kernels = store.counts(tx, context.workspaceId(), context.clusterId(), context.userId())
                .kernels();
        if (kernels >= limits.kernels()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                    "On cluster " + context.clusterId() + " " + kernels
                            + " contexts have a kernel, which is a process of its own, and at most " + limits.kernels()
                            + " may; use one of them, or destroy some");
        }
    }

    /** The CommandStatusResponse of the wire. */
    Map<String, Object> status(Caller caller, String clusterId, String contextId, String commandId) {
        CommandContext context = contexts.own(caller, clusterId, contextId);
        Run run = find(context, commandId);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", commandId);
        CommandResults.Result result = results.of(context.session(), run);
        answer.put("status", shown(run, result));
        if (!result.wire().isEmpty()) {
            answer.put("results", result.wire());
        }
        return answer;
    }

    /** Code that fails has finished, with an error for its result; Error is what befell it from outside. */
    private static String shown(Run run, CommandResults.Result result) {
        return switch (run.state()) {
            case QUEUED, STARTING -> run.cancelAsked() ? "Cancelling" : "Queued";
            case RUNNING -> run.cancelAsked() ? "Cancelling" : "Running";
            case OK -> "Finished";
            case ERROR -> result.outside() ? "Error" : "Finished";
            case CANCELED -> result.outside() ? "Error" : "Cancelled";
            case LOST -> "Error";
        };
    }

    /** Ends a command; one that was canceled before stays so, one that has ended cannot be. */
    void cancel(Caller caller, String clusterId, String contextId, String commandId) {
        CommandContext context = contexts.own(caller, clusterId, contextId);
        Run run = find(context, commandId);
        SessionRuns.Canceled canceled = store.database().inTransaction(tx -> {
            SessionRuns.Canceled found =
                    sessions.cancel(tx, context.session(), run.runId(), "Canceled by " + caller.userName());
            if (!found.nothing()) {
                Audit.record(tx, caller, resource(commandId), facts(context));
            }
            return found;
        });
        sessions.canceled(canceled);
        if (canceled.nothing() && find(context, commandId).state() != RunState.CANCELED) {
            throw new ApiException(ErrorCode.INVALID_STATE, "Command " + commandId + " has ended");
        }
    }

    private Run find(CommandContext context, String commandId) {
        return sessions.find(context.session(), commandId)
                .orElseThrow(() -> ApiException.notFound("Command " + commandId + " does not exist"));
    }

    private static Map<String, Object> facts(CommandContext context) {
        return Map.of("context_id", context.contextId(), "cluster_id", context.clusterId());
    }

    private static String resource(String commandId) {
        return "command/" + commandId;
    }
}
