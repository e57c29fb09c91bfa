package io.campanile.notebooks.commands;

import io.campanile.common.auth.Caller;
import io.campanile.notebooks.runs.SessionRuns;
import org.jspecify.annotations.Nullable;

/**
 * A kernel session of its own on one life of a cluster.
 *
 * @param epoch the life of the cluster: the context ends with it
 * @param message why it is in error
 * @param hasKernel something was run in it
 */
record CommandContext(
        long workspaceId,
        long number,
        String contextId,
        String clusterId,
        long epoch,
        CommandLanguage language,
        ContextState state,
        @Nullable String message,
        long userId,
        boolean hasKernel) {

    boolean belongsTo(Caller caller) {
        return userId == caller.userId();
    }

    SessionRuns.Session session() {
        return new SessionRuns.Session(workspaceId, number);
    }
}
