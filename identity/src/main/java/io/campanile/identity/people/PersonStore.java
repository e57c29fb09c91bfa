package io.campanile.identity.people;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.WORKSPACE;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.TenantFence;
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
        List<Person.Membership> workspaces = workspaces(userId);
        return db.select(ACCOUNT.WORKSPACE_ID, WORKSPACE.NAME, ACCOUNT.USER_ID, ACCOUNT.USER_NAME, ACCOUNT.DISPLAY_NAME)
                .from(ACCOUNT)
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.WORKSPACE_ID.eq(workspaceId))
                .and(ACCOUNT.USER_ID.eq(userId))
                .fetchOptional(Records.mapping((workspace, workspaceName, user, name, display) ->
                        new Person(workspace, workspaceName, user, name, display, workspaces)));
    }

    /** Over all workspaces: a person may know where they are members. */
    private List<Person.Membership> workspaces(long userId) {
        return TenantFence.acrossWorkspaces(db, "a person may know where they are members")
                .select(WORKSPACE.WORKSPACE_ID, WORKSPACE.NAME, WORKSPACE.HOST_NAME)
                .from(ACCOUNT)
                .join(WORKSPACE)
                .on(WORKSPACE.WORKSPACE_ID.eq(ACCOUNT.WORKSPACE_ID))
                .where(ACCOUNT.USER_ID.eq(userId))
                .and(ACCOUNT.ACTIVE)
                .and(WORKSPACE.DELETED_AT.isNull())
                .orderBy(WORKSPACE.NAME, WORKSPACE.WORKSPACE_ID)
                .fetch(Records.mapping(Person.Membership::new));
    }
}
