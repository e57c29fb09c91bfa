package io.campanile.identity.workspaces;

import static io.campanile.identity.db.Tables.ACCESS_TOKEN;
import static io.campanile.identity.db.Tables.INSTALLATION;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static io.campanile.identity.db.Tables.WORKSPACE_CLOSING;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.TenantFence;
import io.campanile.common.json.Json;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.scim.AssignmentStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.SelectFieldOrAsterisk;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of the account's workspaces. These statements are about workspaces themselves, not about what is in one. */
public final class WorkspaceStore {
    private static final List<SelectFieldOrAsterisk> COLUMNS = List.of(
            WORKSPACE.WORKSPACE_ID, WORKSPACE.NAME, WORKSPACE.HOST_NAME, WORKSPACE.CREATED_AT, WORKSPACE.SETTINGS);

    private final DSLContext db;
    private final DSLContext account;

    public WorkspaceStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
        this.account = TenantFence.acrossWorkspaces(db, "the account looks for its workspaces");
    }

    <T> T inTransaction(Function<WorkspaceStore, T> work) {
        return db.transactionResult(configuration -> work.apply(new WorkspaceStore(DSL.using(configuration))));
    }

    void record(Caller caller, long workspaceId, Map<String, ?> details) {
        Audit.record(db, caller, "workspace/" + workspaceId, details);
    }

    List<Workspace> list() {
        return account.select(COLUMNS)
                .from(WORKSPACE)
                .where(WORKSPACE.DELETED_AT.isNull())
                .orderBy(WORKSPACE.WORKSPACE_ID)
                .fetch(WorkspaceStore::read);
    }

    Optional<Workspace> find(long workspaceId) {
        return db.select(COLUMNS)
                .from(WORKSPACE)
                .where(WORKSPACE.WORKSPACE_ID.eq(workspaceId))
                .and(WORKSPACE.DELETED_AT.isNull())
                .fetchOptional(WorkspaceStore::read);
    }

    Optional<Long> byHost(String hostName) {
        return account.select(WORKSPACE.WORKSPACE_ID)
                .from(WORKSPACE)
                .where(WORKSPACE.HOST_NAME.eq(hostName))
                .and(WORKSPACE.DELETED_AT.isNull())
                .fetchOptional(WORKSPACE.WORKSPACE_ID);
    }

    /** Empty when another workspace has the host name. */
    Optional<Long> insert(String name, String hostName, JsonNode settings, Instant now) {
        return new TenantStore(db).insert(name, hostName, Json.write(settings), now);
    }

    /** Who makes a workspace is its first administrator. */
    void assignFirst(long workspaceId, long userId, Instant now) {
        new AssignmentStore(db).assignFirst(workspaceId, userId, now);
    }

    void insertToken(long workspaceId, long userId, Minted secret, Instant now, Instant expiresAt) {
        db.insertInto(ACCESS_TOKEN)
                .set(ACCESS_TOKEN.TOKEN_ID, Minted.randomHex(32))
                .set(ACCESS_TOKEN.WORKSPACE_ID, workspaceId)
                .set(ACCESS_TOKEN.USER_ID, userId)
                .set(ACCESS_TOKEN.LOOKUP, secret.lookup())
                .set(ACCESS_TOKEN.SECRET_HASH, secret.hash())
                .set(ACCESS_TOKEN.COMMENT, "made with the workspace")
                .set(ACCESS_TOKEN.CREATED_AT, now)
                .set(ACCESS_TOKEN.EXPIRES_AT, expiresAt)
                .execute();
    }

    void update(long workspaceId, String name, JsonNode settings) {
        db.update(WORKSPACE)
                .set(WORKSPACE.NAME, name)
                .set(WORKSPACE.SETTINGS, JSONB.valueOf(Json.write(settings)))
                .where(WORKSPACE.WORKSPACE_ID.eq(workspaceId))
                .execute();
    }

    boolean first(long workspaceId) {
        return db.fetchExists(INSTALLATION, INSTALLATION.WORKSPACE_ID.eq(workspaceId));
    }

    /** The workspace of the installation's first start. */
    Optional<Long> first() {
        return account.select(INSTALLATION.WORKSPACE_ID).from(INSTALLATION).fetchOptional(INSTALLATION.WORKSPACE_ID);
    }

    /** From now on the workspace is not there, its host name is free, and its clusters are to be ended. */
    boolean delete(long workspaceId, Instant now) {
        int deleted = db.update(WORKSPACE)
                .set(WORKSPACE.DELETED_AT, now)
                .setNull(WORKSPACE.HOST_NAME)
                .where(WORKSPACE.WORKSPACE_ID.eq(workspaceId))
                .and(WORKSPACE.DELETED_AT.isNull())
                .execute();
        if (deleted == 1) {
            db.insertInto(WORKSPACE_CLOSING)
                    .set(WORKSPACE_CLOSING.WORKSPACE_ID, workspaceId)
                    .set(WORKSPACE_CLOSING.CLOSED_AT, now)
                    .set(WORKSPACE_CLOSING.ATTEMPTS, 0)
                    .set(WORKSPACE_CLOSING.NEXT_ATTEMPT_AT, now)
                    .execute();
            new AssignmentStore(db).settleAll(workspaceId);
        }
        return deleted == 1;
    }

    private static Workspace read(Record row) {
        @Nullable JSONB settings = row.get(WORKSPACE.SETTINGS);
        return new Workspace(
                row.get(WORKSPACE.WORKSPACE_ID),
                row.get(WORKSPACE.NAME),
                row.get(WORKSPACE.HOST_NAME),
                row.get(WORKSPACE.CREATED_AT),
                settings == null ? JsonNodeFactory.instance.objectNode() : Json.read(settings.data(), JsonNode.class));
    }
}
