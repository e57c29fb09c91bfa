package io.campanile.notebooks.commands;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.compute.Cluster;
import io.campanile.notebooks.runs.SessionRuns;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jooq.DSLContext;

/**
 * The rules of contexts. One is a row until its first command, which gets it a kernel; it belongs to whoever made it, and
 * ends with the life of its cluster. Blocking.
 */
public final class ContextService {
    /** One that was just made is about to be used: it does not make room for another. */
    private static final Duration SPARED = Duration.ofMinutes(10);

    private static final int LONGEST_ID = 64;

    private final ContextStore store;
    private final SessionRuns sessions;
    private final CommandLimits limits;
    private final Clock clock;

    public ContextService(Database database, SessionRuns sessions, CommandLimits limits, Clock clock) {
        this.store = new ContextStore(database);
        this.sessions = requireNonNull(sessions, "sessions");
        this.limits = requireNonNull(limits, "limits");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Makes a context on a running cluster of the caller's; answers its id. */
    String create(Caller caller, String clusterId, String language) {
        CommandLanguage spoken = CommandLanguage.of(language);
        Cluster cluster = sessions.cluster(caller, checked(clusterId));
        if (!owns(caller, cluster)) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    "Only the owner of cluster " + clusterId + " runs code on it; use one of your own");
        }
        if (!cluster.state().takesWork()) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE,
                    "Cluster " + clusterId + " is " + cluster.state()
                            + ", not RUNNING; start it before contexts are made");
        }
        boolean there = sessions.connected(caller.workspaceId(), clusterId, cluster.epoch());
        var wanted = new ContextStore.Wanted(
                caller,
                UUID.randomUUID().toString(),
                clusterId,
                cluster.epoch(),
                spoken,
                there ? ContextState.RUNNING : ContextState.PENDING);
        store.database().transact(tx -> {
            makeRoom(tx, caller, clusterId);
            store.insert(tx, wanted, clock.instant());
            Audit.record(
                    tx,
                    caller,
                    resource(wanted.contextId()),
                    Map.of("cluster_id", clusterId, "language", spoken.wire()));
        });
        return wanted.contextId();
    }

    /** What runs on a cluster has its owner's rights, whoever else may see it. */
    private static boolean owns(Caller caller, Cluster cluster) {
        return cluster.ownerUserId() == caller.userId();
    }

    private void makeRoom(DSLContext tx, Caller caller, String clusterId) {
        store.lockCluster(tx, caller.workspaceId(), clusterId);
        ContextStore.Counts open = store.counts(tx, caller.workspaceId(), clusterId, caller.userId());
        if (open.ofCluster() >= limits.contexts()) {
            Instant now = clock.instant();
            String why = "The context never ran anything and made room for another one";
            if (!store.evict(tx, caller.workspaceId(), clusterId, now.minus(SPARED), why, now)) {
                throw full("Cluster " + clusterId + " has " + open.ofCluster() + " contexts and may have "
                        + limits.contexts());
            }
        } else if (open.ofUser() >= limits.ofUser()) {
            throw full("You have " + open.ofUser() + " contexts and may have " + limits.ofUser());
        }
    }

    private static ApiException full(String fact) {
        return new ApiException(
                ErrorCode.RESOURCE_LIMIT_EXCEEDED, fact + "; destroy some that are not needed any more");
    }

    /** How the context is, as far as can be found out now. */
    ContextState status(Caller caller, String clusterId, String contextId) {
        return looked(caller, own(caller, clusterId, contextId)).state();
    }

    /** Ends the context with everything that was run in it. */
    void destroy(Caller caller, String clusterId, String contextId) {
        CommandContext context = own(caller, clusterId, contextId);
        SessionRuns.Canceled ending = store.database().inTransaction(tx -> {
            if (!store.destroy(tx, context, clock.instant())) {
                throw missing(contextId);
            }
            SessionRuns.Canceled canceled =
                    sessions.cancel(tx, context.session(), null, "The context was destroyed by " + caller.userName());
            Audit.record(tx, caller, resource(contextId), Map.of("cluster_id", clusterId));
            return canceled;
        });
        sessions.canceled(ending);
        erase(context);
    }

    /** Forgets a destroyed context; what a crash leaves of it is found by the sweep. */
    void erase(CommandContext context) {
        sessions.erase(context.session(), () -> store.delete(context));
    }

    /** Ends the kernel of a context that has ended; what was run in it stays for a time. */
    void release(CommandContext context) {
        sessions.release(context.session());
    }

    /** The caller's context: 404 when there is none, 403 when it is somebody else's of this workspace. */
    CommandContext own(Caller caller, String clusterId, String contextId) {
        CommandContext context = store.find(caller.workspaceId(), checked(contextId))
                .filter(found -> found.clusterId().equals(clusterId))
                .filter(found -> found.state() != ContextState.DESTROYED)
                .orElseThrow(() -> missing(contextId));
        if (!context.belongsTo(caller)) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "Context " + contextId + " belongs to somebody else");
        }
        return context;
    }

    /** The context after a look at its cluster, which may have ended while nobody was told. */
    CommandContext looked(Caller caller, CommandContext context) {
        if (!context.state().open()) {
            return context;
        }
        if (sessions.connected(context.workspaceId(), context.clusterId(), context.epoch())) {
            if (context.state() == ContextState.RUNNING) {
                return context;
            }
            store.running(context);
        } else {
            askForCluster(caller, context);
        }
        return store.find(context.workspaceId(), context.contextId()).orElseThrow(() -> missing(context.contextId()));
    }

    private void askForCluster(Caller caller, CommandContext context) {
        try {
            changed(sessions.cluster(caller, context.clusterId()));
        } catch (ApiException e) {
            if (e.code() == ErrorCode.RESOURCE_DOES_NOT_EXIST) {
                String why = "The cluster was deleted";
                store.lose(context.workspaceId(), context.clusterId(), context.epoch(), true, why, clock.instant());
            } else if (e.code().httpStatus() < 500) {
                throw e;
            }
            // Otherwise nobody knows at the moment, and what was last known stands.
        }
    }

    /** News of a cluster: contexts of its earlier lives are over. */
    public void changed(Cluster cluster) {
        boolean down = cluster.state().isDown();
        String explained = cluster.explanation();
        String why = down
                ? "The cluster stopped" + (explained.isEmpty() ? "" : ": " + explained)
                : "The cluster was restarted: variables and the Spark session of the context are gone";
        store.lose(cluster.workspaceId(), cluster.clusterId(), cluster.epoch(), down, why, clock.instant());
    }

    ContextStore store() {
        return store;
    }

    /** What cannot be an id is not there. */
    private static String checked(String id) {
        if (id.length() > LONGEST_ID) {
            throw missing(id.substring(0, LONGEST_ID));
        }
        return id;
    }

    static ApiException missing(String contextId) {
        return ApiException.notFound("Context " + contextId + " does not exist");
    }

    static String resource(String contextId) {
        return "context/" + contextId;
    }
}
