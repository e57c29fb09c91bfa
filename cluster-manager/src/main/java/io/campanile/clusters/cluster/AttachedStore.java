package io.campanile.clusters.cluster;

import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** What hangs on clusters and is stored with them. */
@FunctionalInterface
public interface AttachedStore {
    /** A cluster is stored in this transaction; {@code before} is null for a new one. */
    void stored(DSLContext tx, @Nullable Cluster before, Cluster after);
}
