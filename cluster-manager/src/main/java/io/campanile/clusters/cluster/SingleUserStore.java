package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER;

import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Where nodes are not kept apart, all that is there belongs to the person who had the first cluster. */
final class SingleUserStore {
    private final DSLContext everywhere;
    private final @Nullable String why;

    /** {@code why} only one person may have clusters; null: everybody may. */
    SingleUserStore(Database database, @Nullable String why) {
        this.everywhere = database.acrossWorkspaces("nodes of all workspaces share this machine");
        this.why = why;
    }

    /** Whether it refuses anybody. */
    boolean limits() {
        return why != null;
    }

    /** Whether the owner may run none. A cluster that never ran makes nobody the first. Not within a transaction. */
    boolean refuses(Cluster cluster) {
        return why != null
                && everywhere
                        .select(CLUSTER.OWNER_USER_ID)
                        .from(CLUSTER)
                        .where(CLUSTER.EPOCH.gt(0L))
                        .orderBy(CLUSTER.CREATED_AT, CLUSTER.CLUSTER_ID)
                        .limit(1)
                        .fetchOptional(CLUSTER.OWNER_USER_ID)
                        .filter(first -> first != cluster.owner().userId())
                        .isPresent();
    }

    ApiException refusal() {
        return new ApiException(ErrorCode.INVALID_STATE, String.valueOf(why));
    }
}
