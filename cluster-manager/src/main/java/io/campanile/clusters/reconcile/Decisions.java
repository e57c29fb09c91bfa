package io.campanile.clusters.reconcile;

import static java.util.Objects.requireNonNull;

import io.campanile.clusters.cluster.Change;
import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.cluster.ClusterStore;
import java.util.Optional;
import java.util.function.Function;

/** Stores what was decided by what was seen. */
final class Decisions {
    private final ClusterStore clusters;

    Decisions(ClusterStore clusters) {
        this.clusters = requireNonNull(clusters, "clusters");
    }

    /** Stores a decision unless somebody wanted something else, or did something, since it was made. */
    Optional<Cluster> apply(Cluster seen, Function<Cluster, Change> decide) {
        return consider(seen, known -> Optional.of(decide.apply(known)));
    }

    /** As {@link #apply}, for decisions that may come to nothing: then the answer is empty too. */
    Optional<Cluster> consider(Cluster seen, Function<Cluster, Optional<Change>> decide) {
        boolean[] applied = new boolean[1];
        Optional<Cluster> after = clusters.change(seen.workspaceId(), seen.clusterId(), known -> {
            boolean same = known.generation() == seen.generation()
                    && known.epoch() == seen.epoch()
                    && known.state() == seen.state();
            Optional<Change> change = same ? decide.apply(known) : Optional.empty();
            applied[0] = change.isPresent();
            return change;
        });
        return applied[0] ? after : Optional.empty();
    }
}
