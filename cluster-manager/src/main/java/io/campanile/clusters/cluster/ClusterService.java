package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.policy.PolicyService;
import io.campanile.clusters.pool.PoolService;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules of clusters: who may do what with them and in which state. Blocking; knows neither HTTP nor SQL. */
public final class ClusterService {
    private static final int TOKEN_LIMIT = 64;

    private final ClusterStore clusters;
    private final PoolService pools;
    private final GovernedSpecs specs;
    private final Clock clock;
    private final Runnable wake;
    private volatile boolean closing;

    /**
     * The rules of clusters on these stores.
     *
     * @param mostWorkers that a cluster may have
     * @param wake called when the reconciler has something to do
     */
    public ClusterService(
            ClusterStore clusters,
            PolicyService policies,
            PoolService pools,
            int mostWorkers,
            Clock clock,
            Runnable wake) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.pools = requireNonNull(pools, "pools");
        this.specs = new GovernedSpecs(policies, pools, mostWorkers);
        this.clock = requireNonNull(clock, "clock");
        this.wake = requireNonNull(wake, "wake");
    }

    Cluster create(Caller caller, ObjectNode body, @Nullable String token) {
        if (token != null && token.length() > TOKEN_LIMIT) {
            throw ApiException.invalid("idempotency_token must have at most " + TOKEN_LIMIT + " characters");
        }
        refuseWhenClosing(caller.workspaceId());
        ClusterSpec spec = specs.ofNew(caller, body);
        long now = clock.millis();
        String named = token == null || token.isEmpty() ? null : token;
        Cluster cluster = fresh(
                caller,
                spec,
                false,
                named,
                Desired.RUNNING,
                ClusterStatus.created("Starting the driver", spec.workers().initial(), now),
                now);
        boolean stored = clusters.insert(ClusterLife.created(cluster), caller);
        if (stored) {
            wake.run();
            return cluster;
        }
        return Optional.ofNullable(named)
                .flatMap(known -> clusters.findByToken(caller.workspaceId(), known))
                .filter(known -> permission(caller, known).includes(ClusterPermission.CAN_MANAGE))
                .orElseThrow(() -> new ApiException(
                        ErrorCode.RESOURCE_CONFLICT,
                        "A cluster of this idempotency_token is not yours or has just ended"));
    }

    /** The settings that a cluster would be made with; fails as making it would. */
    ClusterSpec specOf(Caller caller, ObjectNode body) {
        return specs.ofNew(caller, body);
    }

    void edit(Caller caller, ObjectNode body, String clusterId) {
        Cluster before = allowed(caller, clusterId, ClusterPermission.CAN_MANAGE);
        ClusterSpec spec = specs.ofEdited(caller, before, body);
        change(caller, before, cluster -> Optional.of(edited(caller, cluster, spec)));
    }

    /** A cluster under other settings: neither on its way up nor down may it get them. */
    Change edited(Caller caller, Cluster cluster, ClusterSpec spec) {
        if (cluster.state() != ClusterState.RUNNING && !cluster.state().stopped()) {
            throw unexpected(cluster);
        }
        return ClusterLife.edit(cluster, spec, caller.userName(), clock.millis());
    }

    public Cluster get(Caller caller, String clusterId) {
        return allowed(caller, clusterId, ClusterPermission.CAN_ATTACH_TO);
    }

    /** A cluster that the caller may change. */
    public Cluster managed(Caller caller, String clusterId) {
        return allowed(caller, clusterId, ClusterPermission.CAN_MANAGE);
    }

    /** The clusters of these that the caller may see. */
    public List<Cluster> visible(Caller caller, List<String> clusterIds) {
        return clusterIds.stream()
                .flatMap(id -> clusters.find(caller.workspaceId(), id).stream())
                .filter(cluster -> permission(caller, cluster).includes(ClusterPermission.CAN_ATTACH_TO))
                .toList();
    }

    /** The clusters the caller may see: his own and those shared with him; all of the workspace for an administrator. */
    List<Cluster> list(ClusterQuery query) {
        return clusters.lists().page(query);
    }

    void start(Caller caller, String clusterId) {
        refuseWhenClosing(caller.workspaceId());
        change(caller, allowed(caller, clusterId, ClusterPermission.CAN_RESTART), cluster -> {
            if (!cluster.state().stopped()) {
                throw unexpected(cluster);
            }
            return Optional.of(ClusterLife.start(cluster, caller.userName(), clock.millis()));
        });
    }

    /** A silent no-op for a cluster that does not run, as the public API has it. */
    void restart(Caller caller, String clusterId) {
        refuseWhenClosing(caller.workspaceId());
        change(
                caller,
                allowed(caller, clusterId, ClusterPermission.CAN_RESTART),
                cluster -> cluster.state().running()
                        ? Optional.of(ClusterLife.restart(cluster, caller.userName(), clock.millis()))
                        : Optional.empty());
    }

    /** Ends what runs and keeps the settings; a silent no-op when it has ended or is about to. */
    void terminate(Caller caller, String clusterId) {
        change(
                caller,
                allowed(caller, clusterId, ClusterPermission.CAN_RESTART),
                cluster -> cluster.state() == ClusterState.TERMINATED
                                || (cluster.state() == ClusterState.TERMINATING
                                        && cluster.desired() == Desired.TERMINATED)
                        ? Optional.empty()
                        : Optional.of(ClusterLife.terminate(
                                cluster,
                                Termination.byUser(caller.userName()),
                                "Terminated by " + caller.userName(),
                                clock.millis())));
    }

    /** From now on the cluster does not exist for anybody; what still runs of it is ended. */
    void deleteForGood(Caller caller, String clusterId) {
        change(caller, allowed(caller, clusterId, ClusterPermission.CAN_MANAGE), cluster -> {
            long now = clock.millis();
            if (cluster.state().stopped()) {
                return Optional.of(Change.of(cluster.wanted(Desired.TERMINATED).deleted(now)));
            }
            Change ending = ClusterLife.terminate(
                    cluster, Termination.byUser(caller.userName()), "Permanently deleted by " + caller.userName(), now);
            return Optional.of(new Change(ending.cluster().deleted(now), ending.events()));
        });
    }

    EventStore.Page events(Caller caller, String clusterId, EventQuery query) {
        Cluster cluster = allowed(caller, clusterId, ClusterPermission.CAN_ATTACH_TO);
        return clusters.events().page(cluster.workspaceId(), cluster.clusterId(), query);
    }

    /** The cluster everybody has, made when it is first asked for. */
    Cluster defaultOf(Caller person, boolean start) {
        Cluster found =
                clusters.findDefault(person.workspaceId(), person.userId()).orElseGet(() -> createDefault(person));
        return start ? ensureRunning(person, found) : found;
    }

    /** Starts a cluster for a person to run code on it, which is its owner alone. */
    Cluster ensureRunning(Caller person, String clusterId) {
        Cluster cluster = find(person.workspaceId(), clusterId);
        if (person.userId() != 0 && person.userId() != cluster.owner().userId()) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED, "Only the owner of cluster " + clusterId + " runs code on it");
        }
        return ensureRunning(person, cluster);
    }

    /** For services: 404 when there is none, as their callers may not see a 400 of theirs. */
    Cluster find(long workspaceId, String clusterId) {
        return clusters.find(workspaceId, clusterId)
                .orElseThrow(() -> ApiException.notFound("Cluster " + clusterId + " does not exist"));
    }

    /** Ends every cluster of every workspace and lets none start: the platform goes down. */
    public int stopAll() {
        closing = true;
        int asked = 0;
        for (Cluster active : clusters.active()) {
            if (active.desired() == Desired.RUNNING) {
                change(
                        null,
                        active,
                        cluster -> Optional.of(ClusterLife.terminate(
                                cluster, Termination.shutdown(), "Stopped with the platform", clock.millis())));
                asked++;
            }
        }
        wake.run();
        return asked;
    }

    /**
     * Ends every cluster of a workspace for good and lets none start there: the workspace was deleted. Answers how many
     * have not come to rest, idle nodes of its pools among them; identity asks again until none is left.
     */
    int closeWorkspace(long workspaceId) {
        clusters.closeWorkspace(workspaceId, clock.millis());
        List<Cluster> active = clusters.active(workspaceId);
        for (Cluster cluster : active) {
            if (cluster.desired() == Desired.RUNNING || cluster.deletedAt() == null) {
                clusters.change(workspaceId, cluster.clusterId(), this::endForGood);
            }
        }
        int idle = pools.close(workspaceId);
        wake.run();
        return active.size() + idle;
    }

    private Optional<Change> endForGood(Cluster cluster) {
        long now = clock.millis();
        if (cluster.state().stopped()) {
            return Optional.of(Change.of(cluster.wanted(Desired.TERMINATED).deleted(now)));
        }
        Change ending =
                ClusterLife.terminate(cluster, Termination.shutdown(), "Stopped: its workspace was deleted", now);
        return Optional.of(new Change(ending.cluster().deleted(now), ending.events()));
    }

    /** Whether {@link #stopAll} was called. */
    public boolean closing() {
        return closing;
    }

    private Cluster createDefault(Caller person) {
        refuseWhenClosing(person.workspaceId());
        long now = clock.millis();
        Cluster cluster = fresh(
                person,
                ClusterSpec.ofDefault(person.userName()),
                true,
                null,
                Desired.TERMINATED,
                ClusterStatus.neverStarted(now),
                now);
        clusters.insert(Change.of(cluster), person);
        return clusters.findDefault(person.workspaceId(), person.userId())
                .orElseThrow(() -> new IllegalStateException("The default cluster was just made"));
    }

    private Cluster ensureRunning(Caller person, Cluster known) {
        refuseWhenClosing(known.workspaceId());
        return change(person, known, cluster -> {
            if (cluster.state().stopped()) {
                return Optional.of(ClusterLife.start(cluster, person.userName(), clock.millis()));
            }
            boolean goingDown = cluster.state() == ClusterState.TERMINATING && cluster.desired() == Desired.TERMINATED;
            return goingDown ? Optional.of(ClusterLife.startAfterwards(cluster)) : Optional.empty();
        });
    }

    private Cluster fresh(
            Caller caller,
            ClusterSpec spec,
            boolean isDefault,
            @Nullable String token,
            Desired desired,
            ClusterStatus status,
            long now) {
        return new Cluster(
                ClusterIds.create(clock.instant()),
                caller.workspaceId(),
                new Cluster.Owner(caller.userId(), caller.userName()),
                isDefault,
                isDefault ? "UI" : "API",
                token,
                spec,
                desired,
                1,
                desired == Desired.RUNNING ? 0 : 1,
                status,
                now,
                null,
                null);
    }

    /** {@code caller} null: the platform itself. {@code decide} answers empty for "nothing". */
    Cluster change(@Nullable Caller caller, Cluster known, Function<Cluster, Optional<Change>> decide) {
        Cluster after = clusters.change(
                        known.workspaceId(),
                        known.clusterId(),
                        cluster -> {
                            if (cluster.deletedAt() != null) {
                                throw doesNotExist(cluster.clusterId());
                            }
                            return decide.apply(cluster);
                        },
                        caller)
                .orElseThrow(() -> doesNotExist(known.clusterId()));
        wake.run();
        return after;
    }

    /** A cluster on which the caller has a level. Another tenant's does not exist. */
    Cluster allowed(Caller caller, String clusterId, ClusterPermission needed) {
        Cluster cluster = clusters.find(caller.workspaceId(), clusterId).orElseThrow(() -> doesNotExist(clusterId));
        require(caller, cluster, needed);
        return cluster;
    }

    /** 403 when the caller has less than {@code needed}; answers what he has. */
    ClusterPermission require(Caller caller, Cluster cluster, ClusterPermission needed) {
        ClusterPermission permission = permission(caller, cluster);
        if (!permission.includes(needed)) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    caller.userName() + " does not have permission " + needed + " on cluster " + cluster.clusterId()
                            + ". Please contact its owner or an administrator.");
        }
        return permission;
    }

    private ClusterPermission permission(Caller caller, Cluster cluster) {
        return caller.admin() || caller.userId() == cluster.owner().userId()
                ? ClusterPermission.CAN_MANAGE
                : clusters.given(caller, cluster.clusterId());
    }

    private void refuseWhenClosing(long workspaceId) {
        if (clusters.closed(workspaceId)) {
            throw ApiException.notFound("Workspace " + workspaceId + " does not exist any more");
        }
        if (closing) {
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "The platform is going down; try again later");
        }
    }

    private static ApiException doesNotExist(String clusterId) {
        return ApiException.invalid("Cluster " + clusterId + " does not exist");
    }

    static ApiException unexpected(Cluster cluster) {
        return new ApiException(
                ErrorCode.INVALID_STATE,
                "Cluster " + cluster.clusterId() + " is in unexpected state "
                        + cluster.state().inWords() + ".");
    }
}
