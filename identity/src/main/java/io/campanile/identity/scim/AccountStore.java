package io.campanile.identity.scim;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.CLIENT_SECRET;
import static io.campanile.identity.db.Tables.INSTALLATION;
import static io.campanile.identity.db.Tables.LOGIN_SESSION;
import static io.campanile.identity.db.Tables.PERSON;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.campanile.common.db.TenantFence;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.SortField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of users and service principals. */
public final class AccountStore {
    private static final io.campanile.identity.db.tables.Account R = ACCOUNT.as("r");

    /** Not where somebody else's home has the name: then nobody may set the password. */
    private static final String SETTLE = """
            update person p set home_workspace_id = only_one.workspace_id from (
                select a.user_id, min(a.workspace_id) as workspace_id from account a
                join workspace w on w.workspace_id = a.workspace_id and w.deleted_at is null
                where a.user_id = ? group by a.user_id having count(*) = 1
            ) only_one
            where p.user_id = only_one.user_id and not exists (
                select 1 from person other where other.home_workspace_id = only_one.workspace_id
                and other.login_name = p.login_name and other.user_id <> p.user_id
            )
            """;

    private final DSLContext db;
    private final DSLContext everywhere;

    public AccountStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
        this.everywhere = TenantFence.acrossWorkspaces(db, "a person of the account is in several workspaces");
    }

    /** A page without memberships and entitlements. */
    Found<Account> list(long workspaceId, PrincipalKind kind, Selection selection) {
        Condition where = R.WORKSPACE_ID
                .eq(workspaceId)
                .and(R.KIND.eq(kind.name()))
                .and(DSL.condition(
                        selection.where().sql(), selection.where().binds().toArray()));
        Field<?> by = DSL.field(selection.orderBy());
        SortField<?> order = selection.descending() ? by.desc() : by.asc();
        return new Found<>(
                db.fetchCount(DSL.selectOne().from(R).where(where)),
                db.select(R.fields())
                        .from(R)
                        .where(where)
                        .orderBy(order, R.USER_ID)
                        .offset(selection.offset())
                        .limit(selection.limit())
                        .fetch(row -> read(row)));
    }

    Optional<Account> find(long workspaceId, PrincipalKind kind, long userId) {
        return db.select(R.fields())
                .from(R)
                .where(R.WORKSPACE_ID.eq(workspaceId))
                .and(R.KIND.eq(kind.name()))
                .and(R.USER_ID.eq(userId))
                .fetchOptional(row -> read(row));
    }

    /**
     * The person this workspace made under a name before, when the workspace no longer has them but another does: they
     * come back as themselves.
     */
    Optional<Long> formerPerson(long workspaceId, PrincipalKind kind, String loginName) {
        return db.select(PERSON.USER_ID)
                .from(PERSON)
                .where(PERSON.HOME_WORKSPACE_ID.eq(workspaceId))
                .and(PERSON.KIND.eq(kind.name()))
                .and(PERSON.LOGIN_NAME.eq(loginName))
                .fetchOptional(PERSON.USER_ID);
    }

    /** False when this workspace made somebody of that name who is of another kind. */
    boolean insertPerson(long workspaceId, long userId, PrincipalKind kind, String loginName, Instant now) {
        return db.insertInto(PERSON)
                        .set(PERSON.USER_ID, userId)
                        .set(PERSON.HOME_WORKSPACE_ID, workspaceId)
                        .set(PERSON.KIND, kind.name())
                        .set(PERSON.LOGIN_NAME, loginName)
                        .set(PERSON.ACCOUNT_ADMIN, false)
                        .set(PERSON.FAILED_LOGINS, 0)
                        .set(PERSON.CREATED_AT, now)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** False when the workspace has somebody of that name. */
    boolean insert(long workspaceId, long userId, PrincipalKind kind, Profile profile, boolean active, Instant now) {
        return db.insertInto(ACCOUNT)
                        .set(ACCOUNT.WORKSPACE_ID, workspaceId)
                        .set(ACCOUNT.USER_ID, userId)
                        .set(ACCOUNT.KIND, kind.name())
                        .set(ACCOUNT.USER_NAME, profile.userName())
                        .set(ACCOUNT.LOGIN_NAME, profile.userName().toLowerCase(Locale.ROOT))
                        .set(ACCOUNT.DISPLAY_NAME, profile.displayName())
                        .set(ACCOUNT.EXTERNAL_ID, profile.externalId())
                        .set(ACCOUNT.GIVEN_NAME, profile.givenName())
                        .set(ACCOUNT.FAMILY_NAME, profile.familyName())
                        .set(ACCOUNT.EMAILS, emails(profile))
                        .set(ACCOUNT.ACTIVE, active)
                        .set(ACCOUNT.CREATED_AT, now)
                        .set(ACCOUNT.MODIFIED_AT, now)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    void update(long workspaceId, long userId, Profile profile, boolean active, Instant now) {
        db.update(ACCOUNT)
                .set(ACCOUNT.DISPLAY_NAME, profile.displayName())
                .set(ACCOUNT.EXTERNAL_ID, profile.externalId())
                .set(ACCOUNT.GIVEN_NAME, profile.givenName())
                .set(ACCOUNT.FAMILY_NAME, profile.familyName())
                .set(ACCOUNT.EMAILS, emails(profile))
                .set(ACCOUNT.ACTIVE, active)
                .set(ACCOUNT.MODIFIED_AT, now)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .execute();
    }

    void endSessions(long workspaceId, long userId) {
        db.deleteFrom(LOGIN_SESSION)
                .where(LOGIN_SESSION.WORKSPACE_ID.eq(workspaceId))
                .and(LOGIN_SESSION.USER_ID.eq(userId))
                .execute();
    }

    /** Removes somebody from a workspace, with everything that opens its door for them. */
    void delete(long workspaceId, long userId) {
        db.deleteFrom(CLIENT_SECRET)
                .where(CLIENT_SECRET.WORKSPACE_ID.eq(workspaceId))
                .and(CLIENT_SECRET.USER_ID.eq(userId))
                .execute();
        db.deleteFrom(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .execute();
    }

    /**
     * After a person left a workspace: nobody's person is forgotten; who is left in one workspace alone belongs to it.
     * Who is in several keeps their home: no workspace may gain the right to set a password that opens another.
     */
    void settle(long userId) {
        if (!everywhere.fetchExists(ACCOUNT, ACCOUNT.USER_ID.eq(userId))) {
            db.deleteFrom(PERSON).where(PERSON.USER_ID.eq(userId)).execute();
            return;
        }
        everywhere.execute(SETTLE, userId);
    }

    /** Whether this is the person whom the installation was made for. */
    boolean first(long workspaceId, long userId) {
        return db.fetchExists(
                INSTALLATION, INSTALLATION.WORKSPACE_ID.eq(workspaceId).and(INSTALLATION.USER_ID.eq(userId)));
    }

    /** Over all workspaces: whether somebody is left who can administer the account. */
    int accountAdministrators() {
        return everywhere.fetchCount(DSL.selectOne()
                .from(PERSON)
                .join(ACCOUNT)
                .on(ACCOUNT.USER_ID.eq(PERSON.USER_ID))
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(PERSON.ACCOUNT_ADMIN)
                .and(ACCOUNT.ACTIVE)
                .and(WORKSPACE.DELETED_AT.isNull()));
    }

    private static @Nullable JSONB emails(Profile profile) {
        return profile.emails().isEmpty() ? null : JSONB.valueOf(Json.write(profile.emails()));
    }

    private static Account read(Record row) {
        @Nullable JSONB emails = row.get(R.EMAILS);
        return new Account(
                row.get(R.USER_ID),
                PrincipalKind.valueOf(row.get(R.KIND)),
                new Profile(
                        row.get(R.USER_NAME),
                        row.get(R.DISPLAY_NAME),
                        row.get(R.EXTERNAL_ID),
                        row.get(R.GIVEN_NAME),
                        row.get(R.FAMILY_NAME),
                        emails == null ? List.of() : emails(emails)),
                row.get(R.ACTIVE),
                List.of(),
                List.of());
    }

    private static List<Profile.Email> emails(JSONB stored) {
        try {
            return Json.MAPPER.readValue(stored.data(), new TypeReference<List<Profile.Email>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored list of addresses cannot be read", e);
        }
    }
}
