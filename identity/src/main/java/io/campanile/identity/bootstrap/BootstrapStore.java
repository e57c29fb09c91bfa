package io.campanile.identity.bootstrap;

import static io.campanile.identity.db.Tables.ACCESS_TOKEN;
import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.GROUP_MEMBER;
import static io.campanile.identity.db.Tables.INSTALLATION;
import static io.campanile.identity.db.Tables.PERSON;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.TenantFence;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.db.Sequences;
import io.campanile.identity.workspaces.TenantStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Writes workspaces and their first people. */
public final class BootstrapStore {
    /** Any constant; one launcher at a time makes the first workspace. */
    private static final long BOOTSTRAP_LOCK = 7_281_540_121L;

    private final DSLContext db;
    private final DSLContext installation;

    public BootstrapStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
        this.installation = TenantFence.acrossWorkspaces(db, "the installation is one, and above its workspaces");
    }

    record Installation(
            long workspaceId,
            long userId,
            String userName,
            @Nullable Instant confirmedAt) {}

    record NewPerson(String userName, String loginName, String displayName, String passwordHash) {}

    /** Runs in one transaction that no other bootstrap overlaps. */
    <T> T locked(Function<BootstrapStore, T> work) {
        return db.transactionResult(configuration -> {
            DSLContext tx = DSL.using(configuration);
            tx.execute("select pg_advisory_xact_lock({0})", DSL.val(BOOTSTRAP_LOCK));
            return work.apply(new BootstrapStore(tx));
        });
    }

    Optional<Installation> installation() {
        return installation
                .select(INSTALLATION.WORKSPACE_ID, INSTALLATION.USER_ID, ACCOUNT.USER_NAME, INSTALLATION.CONFIRMED_AT)
                .from(INSTALLATION)
                .join(ACCOUNT)
                .on(ACCOUNT.WORKSPACE_ID.eq(INSTALLATION.WORKSPACE_ID))
                .and(ACCOUNT.USER_ID.eq(INSTALLATION.USER_ID))
                .fetchOptional(Records.mapping(Installation::new));
    }

    void insertInstallation(long workspaceId, long userId) {
        db.insertInto(INSTALLATION)
                .set(INSTALLATION.SINGLETON, 1)
                .set(INSTALLATION.WORKSPACE_ID, workspaceId)
                .set(INSTALLATION.USER_ID, userId)
                .execute();
    }

    void confirm(Instant now) {
        installation
                .update(INSTALLATION)
                .set(INSTALLATION.CONFIRMED_AT, now)
                .where(INSTALLATION.CONFIRMED_AT.isNull())
                .execute();
    }

    /** A workspace with the groups every workspace has. */
    long insertWorkspace(String name, Instant now) {
        return new TenantStore(db).insert(name, null, null, now).orElseThrow();
    }

    /** Empty when the name is taken in the workspace. */
    Optional<Long> insertPerson(long workspaceId, NewPerson person, boolean admin, Instant now) {
        long userId = nextPrincipalId();
        int inserted = db.insertInto(PERSON)
                .set(PERSON.USER_ID, userId)
                .set(PERSON.HOME_WORKSPACE_ID, workspaceId)
                .set(PERSON.KIND, "USER")
                .set(PERSON.LOGIN_NAME, person.loginName())
                .set(PERSON.PASSWORD_HASH, person.passwordHash())
                .set(PERSON.PASSWORD_SET_AT, now)
                .set(PERSON.ACCOUNT_ADMIN, false)
                .set(PERSON.FAILED_LOGINS, 0)
                .set(PERSON.CREATED_AT, now)
                .onConflictDoNothing()
                .execute();
        if (inserted == 0 || insertAccount(workspaceId, userId, person, now) == 0) {
            return Optional.empty();
        }
        db.insertInto(
                        GROUP_MEMBER,
                        GROUP_MEMBER.WORKSPACE_ID,
                        GROUP_MEMBER.GROUP_ID,
                        GROUP_MEMBER.MEMBER_ID,
                        GROUP_MEMBER.MEMBER_KIND)
                .select(db.select(USER_GROUP.WORKSPACE_ID, USER_GROUP.GROUP_ID, DSL.val(userId), DSL.inline("USER"))
                        .from(USER_GROUP)
                        .where(USER_GROUP.WORKSPACE_ID.eq(workspaceId))
                        .and(admin ? USER_GROUP.NAME.in("admins", "users") : USER_GROUP.NAME.eq("users")))
                .execute();
        return Optional.of(userId);
    }

    private int insertAccount(long workspaceId, long userId, NewPerson person, Instant now) {
        return db.insertInto(ACCOUNT)
                .set(ACCOUNT.WORKSPACE_ID, workspaceId)
                .set(ACCOUNT.USER_ID, userId)
                .set(ACCOUNT.KIND, "USER")
                .set(ACCOUNT.USER_NAME, person.userName())
                .set(ACCOUNT.LOGIN_NAME, person.loginName())
                .set(ACCOUNT.DISPLAY_NAME, person.displayName())
                .set(ACCOUNT.ACTIVE, true)
                .set(ACCOUNT.CREATED_AT, now)
                .onConflictDoNothing()
                .execute();
    }

    void makeAccountAdmin(long userId) {
        db.update(PERSON)
                .set(PERSON.ACCOUNT_ADMIN, true)
                .where(PERSON.USER_ID.eq(userId))
                .execute();
    }

    private long nextPrincipalId() {
        return requireNonNull(db.nextval(Sequences.PRINCIPAL_ID_SEQ)).longValue();
    }

    boolean hasWorkspace(long workspaceId) {
        return db.fetchExists(WORKSPACE, WORKSPACE.WORKSPACE_ID.eq(workspaceId).and(WORKSPACE.DELETED_AT.isNull()));
    }

    int workspaces() {
        return installation.fetchCount(WORKSPACE, WORKSPACE.DELETED_AT.isNull());
    }

    void setPassword(long workspaceId, long userId, String passwordHash) {
        db.update(PERSON)
                .set(PERSON.PASSWORD_HASH, passwordHash)
                .where(PERSON.HOME_WORKSPACE_ID.eq(workspaceId))
                .and(PERSON.USER_ID.eq(userId))
                .execute();
    }

    void deleteTokens(long workspaceId, long userId) {
        db.deleteFrom(ACCESS_TOKEN)
                .where(ACCESS_TOKEN.WORKSPACE_ID.eq(workspaceId))
                .and(ACCESS_TOKEN.USER_ID.eq(userId))
                .execute();
    }

    void insertToken(long workspaceId, long userId, Minted secret, String comment, Instant now, Instant expiresAt) {
        db.insertInto(ACCESS_TOKEN)
                .set(ACCESS_TOKEN.TOKEN_ID, Minted.randomHex(32))
                .set(ACCESS_TOKEN.WORKSPACE_ID, workspaceId)
                .set(ACCESS_TOKEN.USER_ID, userId)
                .set(ACCESS_TOKEN.LOOKUP, secret.lookup())
                .set(ACCESS_TOKEN.SECRET_HASH, secret.hash())
                .set(ACCESS_TOKEN.COMMENT, comment)
                .set(ACCESS_TOKEN.CREATED_AT, now)
                .set(ACCESS_TOKEN.EXPIRES_AT, expiresAt)
                .execute();
    }
}
