package io.campanile.identity.scim;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.GROUP_MEMBER;
import static io.campanile.identity.db.Tables.USER_GROUP;
import static java.util.Objects.requireNonNull;

import io.campanile.common.directory.PrincipalKind;
import io.campanile.identity.db.tables.UserGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SortField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of groups. */
public final class GroupStore {
    private static final UserGroup R = USER_GROUP.as("r");
    private static final UserGroup INNER = USER_GROUP.as("inner_group");

    private final DSLContext db;

    public GroupStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    /** A page without members, memberships and entitlements. */
    Found<Group> list(long workspaceId, Selection selection) {
        Condition where = R.WORKSPACE_ID
                .eq(workspaceId)
                .and(DSL.condition(
                        selection.where().sql(), selection.where().binds().toArray()));
        Field<?> by = DSL.field(selection.orderBy());
        SortField<?> order = selection.descending() ? by.desc() : by.asc();
        return new Found<>(
                db.fetchCount(DSL.selectOne().from(R).where(where)),
                db.select(R.GROUP_ID, R.NAME, R.EXTERNAL_ID)
                        .from(R)
                        .where(where)
                        .orderBy(order, R.GROUP_ID)
                        .offset(selection.offset())
                        .limit(selection.limit())
                        .fetch(GroupStore::read));
    }

    Optional<Group> find(long workspaceId, long groupId) {
        return db.select(R.GROUP_ID, R.NAME, R.EXTERNAL_ID)
                .from(R)
                .where(R.WORKSPACE_ID.eq(workspaceId))
                .and(R.GROUP_ID.eq(groupId))
                .fetchOptional(GroupStore::read);
    }

    /** The id of one of the groups every workspace has. */
    long builtIn(long workspaceId, String name) {
        return requireNonNull(db.select(USER_GROUP.GROUP_ID)
                .from(USER_GROUP)
                .where(USER_GROUP.WORKSPACE_ID.eq(workspaceId))
                .and(USER_GROUP.NAME.eq(name))
                .fetchOne(USER_GROUP.GROUP_ID));
    }

    /** The direct members of each of some groups, by group. */
    Map<Long, List<Member>> members(long workspaceId, Collection<Long> groups) {
        Map<Long, List<Member>> found = new HashMap<>();
        db.select(
                        GROUP_MEMBER.GROUP_ID,
                        GROUP_MEMBER.MEMBER_ID,
                        GROUP_MEMBER.MEMBER_KIND,
                        ACCOUNT.DISPLAY_NAME,
                        INNER.NAME)
                .from(GROUP_MEMBER)
                .leftJoin(ACCOUNT)
                .on(ACCOUNT.WORKSPACE_ID.eq(GROUP_MEMBER.WORKSPACE_ID))
                .and(ACCOUNT.USER_ID.eq(GROUP_MEMBER.MEMBER_ID))
                .leftJoin(INNER)
                .on(INNER.WORKSPACE_ID.eq(GROUP_MEMBER.WORKSPACE_ID))
                .and(INNER.GROUP_ID.eq(GROUP_MEMBER.MEMBER_ID))
                .where(GROUP_MEMBER.WORKSPACE_ID.eq(workspaceId))
                .and(GROUP_MEMBER.GROUP_ID.in(groups))
                .orderBy(GROUP_MEMBER.MEMBER_ID)
                .forEach(row -> found.computeIfAbsent(row.value1(), id -> new ArrayList<>())
                        .add(member(row.value2(), row.value3(), row.value4() == null ? row.value5() : row.value4())));
        return found;
    }

    /** False when the workspace has a group of that name, in whatever case. */
    boolean insert(long workspaceId, long groupId, String name, @Nullable String externalId, Instant now) {
        return db.insertInto(USER_GROUP)
                        .set(USER_GROUP.WORKSPACE_ID, workspaceId)
                        .set(USER_GROUP.GROUP_ID, groupId)
                        .set(USER_GROUP.NAME, name)
                        .set(USER_GROUP.EXTERNAL_ID, externalId)
                        .set(USER_GROUP.CREATED_AT, now)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** Whether another group than {@code groupId} has the name, in whatever case. */
    boolean taken(long workspaceId, long groupId, String name) {
        return db.fetchExists(
                USER_GROUP,
                USER_GROUP
                        .WORKSPACE_ID
                        .eq(workspaceId)
                        .and(DSL.lower(USER_GROUP.NAME).eq(DSL.lower(name)))
                        .and(USER_GROUP.GROUP_ID.ne(groupId)));
    }

    void update(long workspaceId, long groupId, String name, @Nullable String externalId) {
        db.update(USER_GROUP)
                .set(USER_GROUP.NAME, name)
                .set(USER_GROUP.EXTERNAL_ID, externalId)
                .where(USER_GROUP.WORKSPACE_ID.eq(workspaceId))
                .and(USER_GROUP.GROUP_ID.eq(groupId))
                .execute();
    }

    void delete(long workspaceId, long groupId) {
        db.deleteFrom(USER_GROUP)
                .where(USER_GROUP.WORKSPACE_ID.eq(workspaceId))
                .and(USER_GROUP.GROUP_ID.eq(groupId))
                .execute();
    }

    static Member member(long id, String kind, @Nullable String display) {
        return new Member(id, PrincipalKind.valueOf(kind), display == null ? Long.toString(id) : display);
    }

    private static Group read(Record row) {
        return new Group(row.get(R.GROUP_ID), row.get(R.NAME), row.get(R.EXTERNAL_ID), List.of(), List.of(), List.of());
    }
}
