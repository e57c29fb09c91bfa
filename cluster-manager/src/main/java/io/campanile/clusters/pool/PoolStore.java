package io.campanile.clusters.pool;

import static io.campanile.clusters.db.Tables.CLOSED_WORKSPACE;
import static io.campanile.clusters.db.Tables.INSTANCE_POOL;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.db.tables.records.InstancePoolRecord;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.ObjectRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** All SQL of pools. Every statement names the workspace, but the one that looks for work in all of them. */
public final class PoolStore {
    /** The wire lists them without pages. */
    private static final int MOST = 100;
    /** Of the column. */
    private static final int TROUBLE_LIMIT = 4_096;

    private final Database database;
    private final DSLContext db;
    private final DSLContext everywhere;
    private final AclStore grants;

    public PoolStore(Database database) {
        this.database = requireNonNull(database, "database");
        this.db = database.context();
        this.everywhere = database.acrossWorkspaces("the reconciler works for all workspaces");
        this.grants = new AclStore(database);
    }

    /** False when the workspace has one of that name already. */
    boolean insert(Pool pool, Caller caller) {
        return database.inTransaction(tx -> {
            requirePlace(tx, pool.workspaceId());
            Map<Field<?>, Object> row = settings(pool.settings());
            row.put(INSTANCE_POOL.POOL_ID, pool.poolId());
            row.put(INSTANCE_POOL.WORKSPACE_ID, pool.workspaceId());
            row.put(INSTANCE_POOL.NODE_TYPE_ID, pool.settings().nodeTypeId());
            row.put(INSTANCE_POOL.CREATOR_USER_ID, pool.creatorUserId());
            row.put(INSTANCE_POOL.CREATOR_USER_NAME, pool.creatorUserName());
            row.put(INSTANCE_POOL.CREATED_AT, pool.createdAt());
            boolean inserted =
                    tx.insertInto(INSTANCE_POOL).set(row).onConflictDoNothing().execute() == 1;
            if (inserted) {
                record(tx, caller, pool);
            }
            return inserted;
        });
    }

    private static void requirePlace(DSLContext tx, long workspaceId) {
        if (tx.fetchExists(CLOSED_WORKSPACE, CLOSED_WORKSPACE.WORKSPACE_ID.eq(workspaceId))) {
            throw ApiException.notFound("Workspace " + workspaceId + " does not exist any more");
        }
        if (tx.fetchCount(INSTANCE_POOL, INSTANCE_POOL.WORKSPACE_ID.eq(workspaceId)) >= MOST) {
            throw new ApiException(
                    ErrorCode.RESOURCE_LIMIT_EXCEEDED, "A workspace has at most " + MOST + " instance pools");
        }
    }

    /** What became of an update. */
    enum Updated {
        DONE,
        NAME_TAKEN,
        GONE
    }

    Updated update(Pool pool, Caller caller) {
        try {
            return database.inTransaction(tx -> {
                boolean there = tx.update(INSTANCE_POOL)
                                .set(settings(pool.settings()))
                                .where(one(pool.workspaceId(), pool.poolId()))
                                .execute()
                        == 1;
                if (there) {
                    record(tx, caller, pool);
                }
                return there ? Updated.DONE : Updated.GONE;
            });
        } catch (IntegrityConstraintViolationException taken) {
            return Updated.NAME_TAKEN;
        }
    }

    /** Clusters of it that run stay. False when there is none. */
    boolean delete(Pool pool, Caller caller) {
        return database.inTransaction(tx -> {
            boolean there = tx.deleteFrom(INSTANCE_POOL)
                            .where(one(pool.workspaceId(), pool.poolId()))
                            .execute()
                    == 1;
            if (there) {
                AclStore.forget(tx, pool.workspaceId(), ref(pool.poolId()));
                record(tx, caller, pool);
            }
            return there;
        });
    }

    /** All of a workspace that was deleted. */
    void deleteAll(long workspaceId) {
        db.deleteFrom(INSTANCE_POOL)
                .where(INSTANCE_POOL.WORKSPACE_ID.eq(workspaceId))
                .execute();
    }

    public Optional<Pool> find(long workspaceId, String poolId) {
        return db.selectFrom(INSTANCE_POOL).where(one(workspaceId, poolId)).fetchOptional(PoolStore::pool);
    }

    /** Those of a workspace that the caller may see, by name. */
    List<Pool> list(Caller caller) {
        Condition wanted = INSTANCE_POOL.WORKSPACE_ID.eq(caller.workspaceId());
        if (!caller.admin()) {
            Set<Long> principals = new HashSet<>(caller.groups());
            principals.add(caller.userId());
            wanted = wanted.and(INSTANCE_POOL
                    .CREATOR_USER_ID
                    .eq(caller.userId())
                    .or(AclStore.reaches(
                            caller.workspaceId(), PoolTargets.COLLECTION, INSTANCE_POOL.POOL_ID, principals)));
        }
        return db.selectFrom(INSTANCE_POOL)
                .where(wanted)
                .orderBy(INSTANCE_POOL.NAME, INSTANCE_POOL.POOL_ID)
                .fetch(PoolStore::pool);
    }

    /** The pools of all workspaces, oldest first: the reconciler's work. */
    public List<Pool> all() {
        return everywhere
                .selectFrom(INSTANCE_POOL)
                .orderBy(INSTANCE_POOL.CREATED_AT, INSTANCE_POOL.POOL_ID)
                .fetch(PoolStore::pool);
    }

    /** Keeps what is in the way of the pool's idle nodes; null: nothing is any more. */
    public void trouble(Pool pool, Pool.@Nullable Trouble trouble) {
        String message = trouble == null ? null : trouble.message();
        db.update(INSTANCE_POOL)
                .set(
                        INSTANCE_POOL.TROUBLE,
                        message == null || message.length() <= TROUBLE_LIMIT
                                ? message
                                : message.substring(0, TROUBLE_LIMIT))
                .set(INSTANCE_POOL.TROUBLE_NODE_ID, trouble == null ? null : trouble.nodeId())
                .where(one(pool.workspaceId(), pool.poolId()))
                .execute();
    }

    /** The highest level the caller was given on a pool. */
    PoolPermission given(Caller caller, String poolId) {
        return grants.of(caller.workspaceId(), List.of(ref(poolId))).stream()
                .filter(grant -> grant.reaches(caller))
                .map(grant -> PoolPermission.valueOf(grant.level()))
                .reduce(PoolPermission.NONE, (one, other) -> one.includes(other) ? one : other);
    }

    static ObjectRef ref(String poolId) {
        return new ObjectRef(PoolTargets.COLLECTION, poolId);
    }

    private static Condition one(long workspaceId, String poolId) {
        return INSTANCE_POOL.WORKSPACE_ID.eq(workspaceId).and(INSTANCE_POOL.POOL_ID.eq(poolId));
    }

    private static void record(DSLContext tx, Caller caller, Pool pool) {
        Map<String, Object> facts = new HashMap<>();
        facts.put("instance_pool_name", pool.settings().name());
        facts.put("node_type_id", pool.settings().nodeTypeId());
        facts.put("min_idle_instances", pool.settings().minIdle());
        Integer most = pool.settings().maxCapacity();
        if (most != null) {
            facts.put("max_capacity", most);
        }
        Audit.record(tx, caller, PoolTargets.KIND.type() + "/" + pool.poolId(), facts);
    }

    /** What of the settings has no column of its own. */
    private record Rest(Map<String, String> customTags, List<String> sparkVersions, Map<String, JsonNode> echoed) {}

    /** The columns that an edit may change. */
    private static Map<Field<?>, Object> settings(PoolSettings settings) {
        Map<Field<?>, Object> row = new HashMap<>();
        row.put(INSTANCE_POOL.NAME, settings.name());
        row.put(INSTANCE_POOL.MIN_IDLE, settings.minIdle());
        row.put(INSTANCE_POOL.MAX_CAPACITY, settings.maxCapacity());
        row.put(INSTANCE_POOL.IDLE_MINUTES, settings.idleMinutes());
        row.put(
                INSTANCE_POOL.SETTINGS,
                Json.write(new Rest(settings.customTags(), settings.sparkVersions(), settings.echoed())));
        return row;
    }

    private static Pool pool(InstancePoolRecord row) {
        Rest rest = Json.read(row.getSettings(), Rest.class);
        String trouble = row.getTrouble();
        return new Pool(
                row.getPoolId(),
                row.getWorkspaceId(),
                new PoolSettings(
                        row.getName(),
                        row.getNodeTypeId(),
                        row.getMinIdle(),
                        row.getMaxCapacity(),
                        row.getIdleMinutes(),
                        rest.customTags(),
                        rest.sparkVersions(),
                        rest.echoed()),
                row.getCreatorUserId(),
                row.getCreatorUserName(),
                row.getCreatedAt(),
                trouble == null ? null : new Pool.Trouble(row.getTroubleNodeId(), trouble));
    }
}
