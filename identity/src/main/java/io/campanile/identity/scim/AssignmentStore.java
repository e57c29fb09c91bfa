package io.campanile.identity.scim;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.GROUP_MEMBER;
import static io.campanile.identity.db.Tables.PERSON;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.TenantFence;
import io.campanile.common.directory.PrincipalKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** All SQL of people's membership of workspaces. */
public final class AssignmentStore {
    private final DSLContext db;

    public AssignmentStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    List<Assignment> list(long workspaceId) {
        return assignments(workspaceId, DSL.noCondition());
    }

    Optional<Assignment> find(long workspaceId, long userId) {
        return assignments(workspaceId, ACCOUNT.USER_ID.eq(userId)).stream().findFirst();
    }

    boolean hasWorkspace(long workspaceId) {
        return db.fetchExists(WORKSPACE, WORKSPACE.WORKSPACE_ID.eq(workspaceId).and(WORKSPACE.DELETED_AT.isNull()));
    }

    /** A person of the account as one of their other workspaces knows them: the home one, where they are still in it. */
    Optional<Account> elsewhere(long userId) {
        return TenantFence.acrossWorkspaces(db, "a person of the account is in several workspaces")
                .select(
                        ACCOUNT.USER_ID,
                        ACCOUNT.KIND,
                        ACCOUNT.USER_NAME,
                        ACCOUNT.DISPLAY_NAME,
                        ACCOUNT.GIVEN_NAME,
                        ACCOUNT.FAMILY_NAME)
                .from(ACCOUNT)
                .join(PERSON)
                .on(PERSON.USER_ID.eq(ACCOUNT.USER_ID))
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.USER_ID.eq(userId))
                .and(WORKSPACE.DELETED_AT.isNull())
                .orderBy(
                        DSL.case_(PERSON.HOME_WORKSPACE_ID)
                                .when(ACCOUNT.WORKSPACE_ID, 0)
                                .else_(1),
                        ACCOUNT.WORKSPACE_ID)
                .limit(1)
                .fetchOptional(row -> new Account(
                        row.value1(),
                        PrincipalKind.valueOf(row.value2()),
                        new Profile(row.value3(), row.value4(), null, row.value5(), row.value6(), List.of()),
                        true,
                        List.of(),
                        List.of()));
    }

    /** Makes somebody of another workspace the first administrator of a new one. */
    public void assignFirst(long workspaceId, long userId, Instant now) {
        Account person = elsewhere(userId).orElseThrow();
        new AccountStore(db).insert(workspaceId, userId, person.kind(), person.profile(), true, now);
        GroupStore groups = new GroupStore(db);
        DirectoryStore directory = new DirectoryStore(db);
        Member member = new Member(userId, person.kind(), person.profile().displayName());
        directory.addMember(workspaceId, groups.builtIn(workspaceId, Group.USERS), member);
        directory.addMember(workspaceId, groups.builtIn(workspaceId, Group.ADMINS), member);
    }

    /** After a workspace was deleted: its people belong elsewhere, where that is one workspace alone. */
    public void settleAll(long homeWorkspaceId) {
        AccountStore accounts = new AccountStore(db);
        db.select(PERSON.USER_ID)
                .from(PERSON)
                .where(PERSON.HOME_WORKSPACE_ID.eq(homeWorkspaceId))
                .fetch(PERSON.USER_ID)
                .forEach(accounts::settle);
    }

    private List<Assignment> assignments(long workspaceId, Condition which) {
        return db.select(
                        ACCOUNT.USER_ID,
                        ACCOUNT.KIND,
                        ACCOUNT.USER_NAME,
                        ACCOUNT.DISPLAY_NAME,
                        DSL.field(DSL.exists(DSL.selectOne()
                                .from(GROUP_MEMBER)
                                .join(USER_GROUP)
                                .on(USER_GROUP.WORKSPACE_ID.eq(GROUP_MEMBER.WORKSPACE_ID))
                                .and(USER_GROUP.GROUP_ID.eq(GROUP_MEMBER.GROUP_ID))
                                .where(GROUP_MEMBER.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                                .and(GROUP_MEMBER.MEMBER_ID.eq(ACCOUNT.USER_ID))
                                .and(USER_GROUP.NAME.eq(Group.ADMINS)))))
                .from(ACCOUNT)
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(which)
                .orderBy(ACCOUNT.USER_ID)
                .fetch(row -> new Assignment(
                        row.value1(), PrincipalKind.valueOf(row.value2()), row.value3(), row.value4(), row.value5()));
    }
}
