package io.campanile.identity.workspaces;

import static io.campanile.identity.db.Tables.ENTITLEMENT;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.TenantFence;
import io.campanile.identity.db.Sequences;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record1;
import org.jspecify.annotations.Nullable;

/** Makes workspaces as every one of them begins: with the groups of administrators and of everybody. */
public final class TenantStore {
    private static final List<String> EVERYBODYS = List.of("workspace-access", "databricks-sql-access");

    private final DSLContext tx;

    /** {@code tx}: the transaction the workspace is made in. */
    public TenantStore(DSLContext tx) {
        this.tx = requireNonNull(tx, "tx");
    }

    /** Empty when another workspace has the host name. */
    public Optional<Long> insert(String name, @Nullable String hostName, @Nullable String settings, Instant now) {
        Record1<Long> inserted = TenantFence.acrossWorkspaces(tx, "a new workspace gets its id from the database")
                .insertInto(WORKSPACE)
                .set(WORKSPACE.NAME, name)
                .set(WORKSPACE.HOST_NAME, hostName)
                .set(WORKSPACE.SETTINGS, settings == null ? null : JSONB.valueOf(settings))
                .set(WORKSPACE.CREATED_AT, now)
                .onConflictDoNothing()
                .returningResult(WORKSPACE.WORKSPACE_ID)
                .fetchOne();
        if (inserted == null) {
            return Optional.empty();
        }
        long workspaceId = inserted.value1();
        insertGroup(workspaceId, "admins", List.of(), now);
        insertGroup(workspaceId, "users", EVERYBODYS, now);
        return Optional.of(workspaceId);
    }

    private void insertGroup(long workspaceId, String name, List<String> entitlements, Instant now) {
        long groupId = requireNonNull(tx.nextval(Sequences.PRINCIPAL_ID_SEQ)).longValue();
        tx.insertInto(USER_GROUP)
                .set(USER_GROUP.GROUP_ID, groupId)
                .set(USER_GROUP.WORKSPACE_ID, workspaceId)
                .set(USER_GROUP.NAME, name)
                .set(USER_GROUP.CREATED_AT, now)
                .execute();
        for (String entitlement : entitlements) {
            tx.insertInto(ENTITLEMENT)
                    .set(ENTITLEMENT.WORKSPACE_ID, workspaceId)
                    .set(ENTITLEMENT.PRINCIPAL_ID, groupId)
                    .set(ENTITLEMENT.NAME, entitlement)
                    .execute();
        }
    }
}
