package io.campanile.clusters.policy;

import static io.campanile.clusters.db.Tables.CLUSTER_POLICY;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.clusters.db.tables.records.ClusterPolicyRecord;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.ObjectRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SortField;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** All SQL of policies. Every statement names the workspace. */
public final class PolicyStore {
    /** The wire lists them without pages. */
    private static final int MOST = 1_000;

    private final Database database;
    private final DSLContext db;
    private final AclStore grants;

    public PolicyStore(Database database) {
        this.database = requireNonNull(database, "database");
        this.db = database.context();
        this.grants = new AclStore(database);
    }

    /** How many clusters each user may have by a policy at a time; null: as many as they like. */
    public record Limit(String name, @Nullable Long clusters) {}

    /**
     * The limit of a policy, to the end of the transaction with nobody else counting by it; empty when the policy is
     * gone.
     */
    public static Optional<Limit> lock(DSLContext tx, long workspaceId, String policyId) {
        return tx.select(CLUSTER_POLICY.NAME, CLUSTER_POLICY.MAX_CLUSTERS_PER_USER)
                .from(CLUSTER_POLICY)
                .where(CLUSTER_POLICY.WORKSPACE_ID.eq(workspaceId), CLUSTER_POLICY.POLICY_ID.eq(policyId))
                .forUpdate()
                .fetchOptional(row -> new Limit(row.value1(), row.value2()));
    }

    /** The libraries of a policy, a list; empty when it has none or is gone. */
    public static Optional<JsonNode> libraries(DSLContext tx, long workspaceId, String policyId) {
        return tx.select(CLUSTER_POLICY.LIBRARIES)
                .from(CLUSTER_POLICY)
                .where(CLUSTER_POLICY.WORKSPACE_ID.eq(workspaceId), CLUSTER_POLICY.POLICY_ID.eq(policyId))
                .fetchOptional(CLUSTER_POLICY.LIBRARIES)
                .map(libraries -> Json.read(libraries, JsonNode.class));
    }

    /** False when the workspace has one of that name already. */
    boolean insert(Policy policy, Caller caller) {
        return database.inTransaction(tx -> {
            if (tx.fetchCount(CLUSTER_POLICY, CLUSTER_POLICY.WORKSPACE_ID.eq(policy.workspaceId())) >= MOST) {
                throw new ApiException(
                        ErrorCode.RESOURCE_LIMIT_EXCEEDED, "A workspace has at most " + MOST + " cluster policies");
            }
            Map<Field<?>, Object> row = settings(policy.settings());
            row.put(CLUSTER_POLICY.POLICY_ID, policy.policyId());
            row.put(CLUSTER_POLICY.WORKSPACE_ID, policy.workspaceId());
            row.put(CLUSTER_POLICY.CREATOR_USER_ID, policy.creatorUserId());
            row.put(CLUSTER_POLICY.CREATOR_USER_NAME, policy.creatorUserName());
            row.put(CLUSTER_POLICY.CREATED_AT, policy.createdAt());
            boolean inserted =
                    tx.insertInto(CLUSTER_POLICY).set(row).onConflictDoNothing().execute() == 1;
            if (inserted) {
                record(tx, caller, policy.policyId(), policy.settings());
            }
            return inserted;
        });
    }

    /** What became of an update. */
    enum Updated {
        DONE,
        NAME_TAKEN,
        GONE
    }

    Updated update(Policy policy, Caller caller) {
        try {
            return database.inTransaction(tx -> {
                boolean there = tx.update(CLUSTER_POLICY)
                                .set(settings(policy.settings()))
                                .where(
                                        CLUSTER_POLICY.WORKSPACE_ID.eq(policy.workspaceId()),
                                        CLUSTER_POLICY.POLICY_ID.eq(policy.policyId()))
                                .execute()
                        == 1;
                if (there) {
                    record(tx, caller, policy.policyId(), policy.settings());
                }
                return there ? Updated.DONE : Updated.GONE;
            });
        } catch (IntegrityConstraintViolationException taken) {
            return Updated.NAME_TAKEN;
        }
    }

    /** Its clusters stay as they are. False when there is none. */
    boolean delete(Policy policy, Caller caller) {
        return database.inTransaction(tx -> {
            boolean there = tx.deleteFrom(CLUSTER_POLICY)
                            .where(
                                    CLUSTER_POLICY.WORKSPACE_ID.eq(policy.workspaceId()),
                                    CLUSTER_POLICY.POLICY_ID.eq(policy.policyId()))
                            .execute()
                    == 1;
            if (there) {
                AclStore.forget(tx, policy.workspaceId(), ref(policy.policyId()));
                record(tx, caller, policy.policyId(), policy.settings());
            }
            return there;
        });
    }

    Optional<Policy> find(long workspaceId, String policyId) {
        return db.selectFrom(CLUSTER_POLICY)
                .where(CLUSTER_POLICY.WORKSPACE_ID.eq(workspaceId), CLUSTER_POLICY.POLICY_ID.eq(policyId))
                .fetchOptional(PolicyStore::policy);
    }

    List<Policy> list(PolicyQuery query) {
        Condition wanted = CLUSTER_POLICY.WORKSPACE_ID.eq(query.workspaceId());
        if (query.principals() != null) {
            wanted = wanted.and(AclStore.reaches(
                    query.workspaceId(), PolicyTargets.COLLECTION, CLUSTER_POLICY.POLICY_ID, query.principals()));
        }
        Field<?> column = query.byName() ? CLUSTER_POLICY.NAME : CLUSTER_POLICY.CREATED_AT;
        return db.selectFrom(CLUSTER_POLICY)
                .where(wanted)
                .orderBy(ordered(column, query.ascending()), ordered(CLUSTER_POLICY.POLICY_ID, query.ascending()))
                .fetch(PolicyStore::policy);
    }

    /** Whether the caller was given the policy. */
    boolean given(Caller caller, String policyId) {
        return grants.of(caller.workspaceId(), List.of(ref(policyId))).stream()
                .anyMatch(grant -> grant.reaches(caller));
    }

    private static SortField<?> ordered(Field<?> column, boolean ascending) {
        return ascending ? column.asc() : column.desc();
    }

    static ObjectRef ref(String policyId) {
        return new ObjectRef(PolicyTargets.COLLECTION, policyId);
    }

    private static void record(DSLContext tx, Caller caller, String policyId, PolicySettings settings) {
        Map<String, Object> facts = new HashMap<>();
        facts.put("name", settings.name());
        facts.put("policy_family_id", settings.familyId());
        facts.put("max_clusters_per_user", settings.maxClustersPerUser());
        facts.values().removeIf(value -> value == null);
        Audit.record(tx, caller, PolicyTargets.KIND.type() + "/" + policyId, facts);
    }

    private static Map<Field<?>, Object> settings(PolicySettings settings) {
        @Nullable JsonNode libraries = settings.libraries();
        @Nullable
        Object[] pairs = {
            CLUSTER_POLICY.NAME, settings.name(),
            CLUSTER_POLICY.DESCRIPTION, settings.description(),
            CLUSTER_POLICY.DEFINITION, settings.definition(),
            CLUSTER_POLICY.FAMILY_ID, settings.familyId(),
            CLUSTER_POLICY.FAMILY_OVERRIDES, settings.overrides(),
            CLUSTER_POLICY.LIBRARIES, libraries == null ? null : Json.write(libraries),
            CLUSTER_POLICY.MAX_CLUSTERS_PER_USER, settings.maxClustersPerUser()
        };
        Map<Field<?>, Object> row = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            row.put((Field<?>) pairs[i], pairs[i + 1]);
        }
        return row;
    }

    private static Policy policy(ClusterPolicyRecord row) {
        String libraries = row.getLibraries();
        return new Policy(
                row.getPolicyId(),
                row.getWorkspaceId(),
                new PolicySettings(
                        row.getName(),
                        row.getDescription(),
                        row.getDefinition(),
                        row.getFamilyId(),
                        row.getFamilyOverrides(),
                        libraries == null ? null : Json.read(libraries, JsonNode.class),
                        row.getMaxClustersPerUser()),
                row.getCreatorUserId(),
                row.getCreatorUserName(),
                row.getCreatedAt());
    }
}
