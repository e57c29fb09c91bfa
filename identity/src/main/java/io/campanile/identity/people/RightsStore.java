package io.campanile.identity.people;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Rights;
import java.util.HashSet;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Record;

/** What a person may beyond being there: groups, also through other groups, and the entitlements of all of them. */
public final class RightsStore {
    static final String ADMINS = "admins";
    static final String USERS = "users";

    /** Everybody of a workspace is in its group "users", with or without a row that says so. */
    private static final String GROUPS = """
            with recursive member_of(group_id) as (
                select group_id from group_member where workspace_id = ? and member_id = ?
                union
                select up.group_id from group_member up
                join member_of m on up.workspace_id = ? and up.member_id = m.group_id
            )
            select g.group_id, g.name from user_group g
            where g.workspace_id = ? and (g.name = 'users' or g.group_id in (select group_id from member_of))
            """;

    private static final String ENTITLEMENTS = """
            select distinct name from entitlement where workspace_id = ? and principal_id = any (?)
            """;

    private final DSLContext db;

    public RightsStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    /** The rights of a member of a workspace. */
    public Rights of(long workspaceId, long userId, boolean accountAdmin) {
        Set<Long> groups = new HashSet<>();
        boolean admin = false;
        for (Record row : db.fetch(GROUPS, workspaceId, userId, workspaceId, workspaceId)) {
            groups.add(row.get(0, Long.class));
            admin |= ADMINS.equals(row.get(1, String.class));
        }
        Set<Long> holders = new HashSet<>(groups);
        holders.add(userId);
        Set<String> entitlements = db.fetch(ENTITLEMENTS, workspaceId, holders.toArray(Long[]::new))
                .intoSet(0, String.class);
        return new Rights(admin, accountAdmin, groups, entitlements);
    }
}
