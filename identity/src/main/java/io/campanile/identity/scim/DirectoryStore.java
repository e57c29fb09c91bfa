package io.campanile.identity.scim;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.ENTITLEMENT;
import static io.campanile.identity.db.Tables.GROUP_MEMBER;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.db.Sequences;
import io.campanile.identity.passwords.PasswordStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** What users, service principals and groups have in common: memberships, entitlements, the guard over changes. */
public final class DirectoryStore {
    private static final String MEMBERSHIPS = """
            with recursive up(principal_id, group_id, direct) as (
                select member_id, group_id, true from group_member where workspace_id = ? and member_id = any (?)
                union
                select up.principal_id, m.group_id, false from up
                join group_member m on m.workspace_id = ? and m.member_id = up.group_id
            )
            select up.principal_id, g.group_id, g.name, bool_or(up.direct) from up
            join user_group g on g.workspace_id = ? and g.group_id = up.group_id
            group by up.principal_id, g.group_id, g.name order by g.group_id
            """;

    /** People who are active and, directly or through groups, in the group of administrators. */
    private static final String ADMINISTRATORS = """
            with recursive down(principal_id) as (
                select group_id from user_group where workspace_id = ? and name = 'admins'
                union
                select m.member_id from down join group_member m on m.workspace_id = ? and m.group_id = down.principal_id
            )
            select count(*) from account a where a.workspace_id = ? and a.kind = 'USER' and a.active
            and a.user_id in (select principal_id from down)
            """;

    private static final String RING = """
            with recursive up(group_id) as (
                select cast(? as bigint)
                union
                select m.group_id from up join group_member m on m.workspace_id = ? and m.member_id = up.group_id
            )
            select count(*) from up where group_id = any (?)
            """;

    private final DSLContext db;

    public DirectoryStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    /** The stores on the transaction of one change. */
    record Change(
            DirectoryStore directory,
            AccountStore accounts,
            GroupStore groups,
            AssignmentStore assignments,
            FederationStore federation,
            PasswordStore passwords) {}

    /**
     * Runs one change of a workspace's directory at a time, so that what it checked (rings, the last administrator) is
     * still so when it commits. Sign-in and reading do not wait for it.
     */
    <T> T change(long workspaceId, Function<Change, T> work) {
        return db.transactionResult(configuration -> {
            DSLContext tx = DSL.using(configuration);
            boolean there = tx.select(WORKSPACE.WORKSPACE_ID)
                    .from(WORKSPACE)
                    .where(WORKSPACE.WORKSPACE_ID.eq(workspaceId))
                    .and(WORKSPACE.DELETED_AT.isNull())
                    .forNoKeyUpdate()
                    .fetch()
                    .isNotEmpty();
            if (!there) {
                throw ApiException.notFound("The workspace does not exist");
            }
            return work.apply(new Change(
                    new DirectoryStore(tx),
                    new AccountStore(tx),
                    new GroupStore(tx),
                    new AssignmentStore(tx),
                    new FederationStore(tx),
                    new PasswordStore(tx)));
        });
    }

    void record(Caller caller, String resource, Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    long nextPrincipalId() {
        return requireNonNull(db.nextval(Sequences.PRINCIPAL_ID_SEQ)).longValue();
    }

    /** The groups of each of some principals, by principal; "users" too, which everybody has a row of. */
    Map<Long, List<Membership>> memberships(long workspaceId, Collection<Long> principals) {
        Map<Long, List<Membership>> found = new HashMap<>();
        Long[] ids = principals.toArray(Long[]::new);
        for (Record row : db.fetch(MEMBERSHIPS, workspaceId, ids, workspaceId, workspaceId)) {
            found.computeIfAbsent(row.get(0, Long.class), id -> new ArrayList<>())
                    .add(new Membership(row.get(1, Long.class), row.get(2, String.class), row.get(3, Boolean.class)));
        }
        return found;
    }

    Map<Long, List<String>> entitlements(long workspaceId, Collection<Long> principals) {
        return db.select(ENTITLEMENT.PRINCIPAL_ID, ENTITLEMENT.NAME)
                .from(ENTITLEMENT)
                .where(ENTITLEMENT.WORKSPACE_ID.eq(workspaceId))
                .and(ENTITLEMENT.PRINCIPAL_ID.in(principals))
                .orderBy(ENTITLEMENT.NAME)
                .fetchGroups(ENTITLEMENT.PRINCIPAL_ID, ENTITLEMENT.NAME);
    }

    void setEntitlements(long workspaceId, long principalId, Collection<String> names) {
        db.deleteFrom(ENTITLEMENT)
                .where(ENTITLEMENT.WORKSPACE_ID.eq(workspaceId))
                .and(ENTITLEMENT.PRINCIPAL_ID.eq(principalId))
                .execute();
        for (String name : names) {
            db.insertInto(ENTITLEMENT)
                    .set(ENTITLEMENT.WORKSPACE_ID, workspaceId)
                    .set(ENTITLEMENT.PRINCIPAL_ID, principalId)
                    .set(ENTITLEMENT.NAME, name)
                    .execute();
        }
    }

    int administrators(long workspaceId) {
        return requireNonNull(db.fetchOne(ADMINISTRATORS, workspaceId, workspaceId, workspaceId))
                .get(0, Integer.class);
    }

    /** Whether one of {@code groups} is {@code groupId} or holds it, directly or not. */
    boolean holds(long workspaceId, Collection<Long> groups, long groupId) {
        return requireNonNull(db.fetchOne(RING, groupId, workspaceId, groups.toArray(Long[]::new)))
                        .get(0, Integer.class)
                > 0;
    }

    /** Kind and shown name of each of some principals that the workspace has. */
    Map<Long, Member> members(long workspaceId, Set<Long> ids) {
        Map<Long, Member> found = new HashMap<>();
        db.select(ACCOUNT.USER_ID, ACCOUNT.KIND, ACCOUNT.DISPLAY_NAME)
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.in(ids))
                .forEach(row -> found.put(row.value1(), GroupStore.member(row.value1(), row.value2(), row.value3())));
        db.select(USER_GROUP.GROUP_ID, USER_GROUP.NAME)
                .from(USER_GROUP)
                .where(USER_GROUP.WORKSPACE_ID.eq(workspaceId))
                .and(USER_GROUP.GROUP_ID.in(ids))
                .forEach(row -> found.put(row.value1(), GroupStore.member(row.value1(), "GROUP", row.value2())));
        return found;
    }

    void addMember(long workspaceId, long groupId, Member member) {
        db.insertInto(GROUP_MEMBER)
                .set(GROUP_MEMBER.WORKSPACE_ID, workspaceId)
                .set(GROUP_MEMBER.GROUP_ID, groupId)
                .set(GROUP_MEMBER.MEMBER_ID, member.id())
                .set(GROUP_MEMBER.MEMBER_KIND, member.kind().name())
                .onConflictDoNothing()
                .execute();
    }

    void removeMember(long workspaceId, long groupId, long memberId) {
        db.deleteFrom(GROUP_MEMBER)
                .where(GROUP_MEMBER.WORKSPACE_ID.eq(workspaceId))
                .and(GROUP_MEMBER.GROUP_ID.eq(groupId))
                .and(GROUP_MEMBER.MEMBER_ID.eq(memberId))
                .execute();
    }

    /** Forgets a principal in all groups of the workspace, with its entitlements. */
    void forget(long workspaceId, long principalId) {
        db.deleteFrom(GROUP_MEMBER)
                .where(GROUP_MEMBER.WORKSPACE_ID.eq(workspaceId))
                .and(GROUP_MEMBER.MEMBER_ID.eq(principalId).or(GROUP_MEMBER.GROUP_ID.eq(principalId)))
                .execute();
        setEntitlements(workspaceId, principalId, List.of());
    }
}
