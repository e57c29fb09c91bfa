package io.campanile.identity.scim;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.PERSON;
import static io.campanile.identity.db.Tables.SSO_LINK;
import static io.campanile.identity.db.Tables.SSO_MEMBERSHIP;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.TenantFence;
import io.campanile.common.directory.PrincipalKind;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** All SQL of people whom an identity provider knows. A link is of a person, so finding one cannot name a workspace. */
public final class FederationStore {
    private final DSLContext db;
    private final DSLContext account;

    public FederationStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
        this.account =
                TenantFence.acrossWorkspaces(db, "the provider's people and its settings are of the whole account");
    }

    /** Somebody of a workspace by their login name, and whether it is their home. */
    record Named(long userId, PrincipalKind kind, boolean linked) {}

    /** How the provider knows somebody. */
    public record Link(String issuer, String subject, Instant linkedAt, Instant lastSignInAt) {}

    Optional<Long> linked(String issuer, String subject) {
        return db.select(SSO_LINK.USER_ID)
                .from(SSO_LINK)
                .where(SSO_LINK.ISSUER.eq(issuer))
                .and(SSO_LINK.SUBJECT.eq(subject))
                .fetchOptional(SSO_LINK.USER_ID);
    }

    void link(String issuer, String subject, long userId, Instant now) {
        db.insertInto(SSO_LINK)
                .set(SSO_LINK.ISSUER, issuer)
                .set(SSO_LINK.SUBJECT, subject)
                .set(SSO_LINK.USER_ID, userId)
                .set(SSO_LINK.LINKED_AT, now)
                .set(SSO_LINK.LAST_SIGN_IN_AT, now)
                .execute();
    }

    void signedIn(String issuer, String subject, Instant now) {
        db.update(SSO_LINK)
                .set(SSO_LINK.LAST_SIGN_IN_AT, now)
                .where(SSO_LINK.ISSUER.eq(issuer))
                .and(SSO_LINK.SUBJECT.eq(subject))
                .execute();
    }

    List<Link> links(long userId) {
        return db.select(SSO_LINK.ISSUER, SSO_LINK.SUBJECT, SSO_LINK.LINKED_AT, SSO_LINK.LAST_SIGN_IN_AT)
                .from(SSO_LINK)
                .where(SSO_LINK.USER_ID.eq(userId))
                .orderBy(SSO_LINK.LINKED_AT)
                .fetch(row -> new Link(row.value1(), row.value2(), row.value3(), row.value4()));
    }

    int unlink(long userId) {
        return db.deleteFrom(SSO_LINK).where(SSO_LINK.USER_ID.eq(userId)).execute();
    }

    Optional<Named> named(long workspaceId, String issuer, String loginName) {
        return db.select(
                        ACCOUNT.USER_ID,
                        ACCOUNT.KIND,
                        DSL.field(DSL.exists(DSL.selectOne()
                                .from(SSO_LINK)
                                .where(SSO_LINK.USER_ID.eq(ACCOUNT.USER_ID))
                                .and(SSO_LINK.ISSUER.eq(issuer)))))
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.LOGIN_NAME.eq(loginName))
                .fetchOptional(row -> new Named(row.value1(), PrincipalKind.valueOf(row.value2()), row.value3()));
    }

    boolean hasPassword(long userId) {
        return db.fetchExists(PERSON, PERSON.USER_ID.eq(userId).and(PERSON.PASSWORD_HASH.isNotNull()));
    }

    boolean isHome(long workspaceId, long userId) {
        return db.fetchExists(PERSON, PERSON.USER_ID.eq(userId).and(PERSON.HOME_WORKSPACE_ID.eq(workspaceId)));
    }

    /** The workspaces somebody is an active member of, their home first. */
    List<Long> workspacesOf(long userId) {
        return account.select(ACCOUNT.WORKSPACE_ID)
                .from(ACCOUNT)
                .join(PERSON)
                .on(PERSON.USER_ID.eq(ACCOUNT.USER_ID))
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.USER_ID.eq(userId))
                .and(ACCOUNT.ACTIVE)
                .and(WORKSPACE.DELETED_AT.isNull())
                .orderBy(
                        DSL.case_(PERSON.HOME_WORKSPACE_ID)
                                .when(ACCOUNT.WORKSPACE_ID, 0)
                                .else_(1),
                        ACCOUNT.WORKSPACE_ID)
                .fetch(ACCOUNT.WORKSPACE_ID);
    }

    /** The workspaces that settings name by host name or id; those that are not there are left out. */
    List<Long> workspaces(Collection<String> names) {
        Condition ids = WORKSPACE.WORKSPACE_ID.in(names.stream()
                .filter(name -> name.matches("[0-9]{1,18}"))
                .map(Long::valueOf)
                .toList());
        return account.select(WORKSPACE.WORKSPACE_ID)
                .from(WORKSPACE)
                .where(WORKSPACE.DELETED_AT.isNull())
                .and(ids.or(WORKSPACE.HOST_NAME.in(names.stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .toList())))
                .orderBy(WORKSPACE.WORKSPACE_ID)
                .fetch(WORKSPACE.WORKSPACE_ID);
    }

    /** The only workspace of the installation; empty when there are several. */
    Optional<Long> onlyWorkspace() {
        List<Long> found = account.select(WORKSPACE.WORKSPACE_ID)
                .from(WORKSPACE)
                .where(WORKSPACE.DELETED_AT.isNull())
                .limit(2)
                .fetch(WORKSPACE.WORKSPACE_ID);
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    Optional<Long> group(long workspaceId, String name) {
        return db.select(USER_GROUP.GROUP_ID)
                .from(USER_GROUP)
                .where(USER_GROUP.WORKSPACE_ID.eq(workspaceId))
                .and(DSL.lower(USER_GROUP.NAME).eq(DSL.lower(name)))
                .fetchOptional(USER_GROUP.GROUP_ID);
    }

    /** Whether the membership follows the provider: false also where there is none. */
    boolean follows(long workspaceId, long userId) {
        return db.fetchExists(
                SSO_MEMBERSHIP, SSO_MEMBERSHIP.WORKSPACE_ID.eq(workspaceId).and(SSO_MEMBERSHIP.USER_ID.eq(userId)));
    }

    boolean suspended(long workspaceId, long userId) {
        return db.fetchExists(
                SSO_MEMBERSHIP,
                SSO_MEMBERSHIP
                        .WORKSPACE_ID
                        .eq(workspaceId)
                        .and(SSO_MEMBERSHIP.USER_ID.eq(userId))
                        .and(SSO_MEMBERSHIP.SUSPENDED));
    }

    void follow(long workspaceId, long userId, boolean suspended) {
        db.insertInto(SSO_MEMBERSHIP)
                .set(SSO_MEMBERSHIP.WORKSPACE_ID, workspaceId)
                .set(SSO_MEMBERSHIP.USER_ID, userId)
                .set(SSO_MEMBERSHIP.SUSPENDED, suspended)
                .onConflict(SSO_MEMBERSHIP.WORKSPACE_ID, SSO_MEMBERSHIP.USER_ID)
                .doUpdate()
                .set(SSO_MEMBERSHIP.SUSPENDED, suspended)
                .execute();
    }

    void setActive(long workspaceId, long userId, boolean active, Instant now) {
        db.update(ACCOUNT)
                .set(ACCOUNT.ACTIVE, active)
                .set(ACCOUNT.MODIFIED_AT, now)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .execute();
    }
}
