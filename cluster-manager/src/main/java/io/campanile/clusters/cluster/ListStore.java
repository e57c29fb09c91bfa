package io.campanile.clusters.cluster;

import static io.campanile.clusters.db.Tables.CLUSTER;

import io.campanile.common.db.Database;
import io.campanile.common.permissions.AclStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.OrderField;
import org.jooq.impl.DSL;

/** The lists of a workspace's clusters, by pages that go on where the last cluster seen was. */
final class ListStore {
    /** Those that have ended come after the others, the pinned of each before the rest. */
    private static final Field<Integer> RANK = DSL.when(
                    CLUSTER.STATE.in(ClusterState.TERMINATED.name(), ClusterState.ERROR.name()), 2)
            .otherwise(0)
            .plus(DSL.when(CLUSTER.PINNED_AT.isNull(), 1).otherwise(0));

    private static final Field<String> NAME = DSL.lower(CLUSTER.CLUSTER_NAME);

    private final DSLContext db;

    ListStore(Database database) {
        this.db = database.context();
    }

    /** In the order of the list, whichever way it is turned over. */
    List<Cluster> page(ClusterQuery query) {
        ClusterQuery.Cursor cursor = query.cursor();
        boolean backwards = cursor != null && cursor.backwards();
        boolean descending = query.sort().descending() != backwards;
        Condition wanted = wanted(query);
        if (cursor != null) {
            wanted = wanted.and(beyond(query.sort(), cursor.position(), descending));
        }
        List<Cluster> found = new ArrayList<>(db.selectFrom(CLUSTER)
                .where(wanted)
                .orderBy(order(query.sort(), descending))
                .limit(query.limit())
                .fetch(ClusterRowStore::cluster));
        if (backwards) {
            Collections.reverse(found);
        }
        return found;
    }

    private static Condition wanted(ClusterQuery query) {
        Condition wanted = CLUSTER.WORKSPACE_ID.eq(query.workspaceId()).and(CLUSTER.DELETED_AT.isNull());
        ClusterQuery.Viewer viewer = query.viewer();
        if (viewer != null) {
            wanted = wanted.and(CLUSTER.OWNER_USER_ID
                    .eq(viewer.userId())
                    .or(AclStore.reaches(
                            query.workspaceId(), ClusterTargets.COLLECTION, CLUSTER.CLUSTER_ID, viewer.principals())));
        }
        ClusterQuery.Filter filter = query.filter();
        if (!filter.states().isEmpty()) {
            wanted = wanted.and(CLUSTER.STATE.in(filter.states()));
        }
        if (!filter.sources().isEmpty()) {
            wanted = wanted.and(CLUSTER.SOURCE.in(filter.sources()));
        }
        if (filter.policyId() != null) {
            wanted = wanted.and(CLUSTER.POLICY_ID.eq(filter.policyId()));
        }
        if (filter.pinned() != null) {
            wanted = wanted.and(filter.pinned() ? CLUSTER.PINNED_AT.isNotNull() : CLUSTER.PINNED_AT.isNull());
        }
        return wanted;
    }

    private static Condition beyond(ClusterQuery.Sort sort, ClusterQuery.Position position, boolean descending) {
        Field<String> name = DSL.lower(DSL.val(position.name()));
        Field<String> id = DSL.val(position.clusterId());
        if (sort.byName()) {
            var row = DSL.row(NAME, CLUSTER.CLUSTER_ID);
            return descending ? row.lt(DSL.row(name, id)) : row.gt(DSL.row(name, id));
        }
        var row = DSL.row(RANK, NAME, CLUSTER.CLUSTER_ID);
        var last = DSL.row(DSL.val(position.rank()), name, id);
        return descending ? row.lt(last) : row.gt(last);
    }

    private static List<OrderField<?>> order(ClusterQuery.Sort sort, boolean descending) {
        List<Field<?>> keys =
                sort.byName() ? List.of(NAME, CLUSTER.CLUSTER_ID) : List.of(RANK, NAME, CLUSTER.CLUSTER_ID);
        List<OrderField<?>> order = new ArrayList<>();
        keys.forEach(key -> order.add(descending ? key.desc() : key.asc()));
        return order;
    }
}
