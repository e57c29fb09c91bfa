package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Whose a cluster is and whether it is kept: for administrators, which the routes say. */
public final class OwnerService {
    private final ClusterService clusters;
    private final Directory directory;
    private final Clock clock;

    public OwnerService(ClusterService clusters, Directory directory, Clock clock) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.directory = requireNonNull(directory, "directory");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Without effect where it is so already. */
    void pin(Caller caller, String clusterId, boolean pinned) {
        Cluster known = clusters.allowed(caller, clusterId, ClusterPermission.CAN_MANAGE);
        clusters.change(caller, known, cluster -> {
            if (pinned == (cluster.pin() != null)) {
                return Optional.empty();
            }
            String user = caller.userName();
            return Optional.of(
                    pinned
                            ? ClusterLife.pinned(cluster, user, clock.millis())
                            : ClusterLife.unpinned(cluster, user, clock.millis()));
        });
    }

    /**
     * Gives a cluster of which nothing runs to somebody else: whatever its next driver reads, as whom it runs and where
     * it keeps tables is the new owner's. The old one has only what was shared with them.
     */
    void changeOwner(Caller caller, String clusterId, String name) {
        Cluster known = clusters.allowed(caller, clusterId, ClusterPermission.CAN_MANAGE);
        Principal found = active(caller, name);
        Cluster.Owner owner = new Cluster.Owner(found.principalId(), found.name());
        clusters.change(caller, known, cluster -> {
            if (!cluster.state().stopped()) {
                throw ClusterService.unexpected(cluster);
            }
            if (cluster.isDefault()) {
                throw ApiException.invalid("Cluster " + clusterId + " is the default cluster of "
                        + cluster.owner().userName() + " and stays theirs");
            }
            return cluster.owner().equals(owner) ? Optional.empty() : Optional.of(Change.of(cluster.of(owner)));
        });
    }

    private Principal active(Caller caller, String name) {
        return directory
                .byName(
                        caller,
                        List.of(
                                new Principal.Name(PrincipalKind.USER, name),
                                new Principal.Name(PrincipalKind.SERVICE_PRINCIPAL, name)))
                .stream()
                .filter(Principal::active)
                .findFirst()
                .orElseThrow(() -> ApiException.invalid(
                        "owner_username must be an active user or service principal of this workspace: " + name));
    }
}
