package io.campanile.identity.people;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.GROUP_MEMBER;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Records;

/** Reads people. */
public final class PersonStore {
    private final DSLContext db;

    public PersonStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    Optional<Person> find(long workspaceId, long userId) {
        List<Person.Group> groups = db.select(USER_GROUP.GROUP_ID, USER_GROUP.NAME)
                .from(GROUP_MEMBER)
                .join(USER_GROUP)
                .on(USER_GROUP.WORKSPACE_ID.eq(GROUP_MEMBER.WORKSPACE_ID))
                .and(USER_GROUP.GROUP_ID.eq(GROUP_MEMBER.GROUP_ID))
                .where(GROUP_MEMBER.WORKSPACE_ID.eq(workspaceId))
                .and(GROUP_MEMBER.MEMBER_ID.eq(userId))
                .orderBy(USER_GROUP.GROUP_ID)
                .fetch(Records.mapping(Person.Group::new));
        return db.select(
                        ACCOUNT.WORKSPACE_ID,
                        WORKSPACE.NAME,
                        ACCOUNT.USER_ID,
                        ACCOUNT.USER_NAME,
                        ACCOUNT.DISPLAY_NAME,
                        ACCOUNT.ACTIVE)
                .from(ACCOUNT)
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .fetchOptional(Records.mapping((workspace, workspaceName, user, name, display, active) ->
                        new Person(workspace, workspaceName, user, name, display, active, groups)));
    }
}
