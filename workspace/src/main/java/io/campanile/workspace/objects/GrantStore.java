package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.Result;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** All SQL that asks for the caller's grants in the tree. Every statement names the workspace. */
public final class GrantStore {
    /** Ids of the tree are unique over these. */
    static final List<String> COLLECTIONS = List.of("directories", "notebooks", "files", "repos");

    private static final Table<?> ACL = DSL.table(DSL.name("object_acl"));
    private static final Field<Long> WORKSPACE_ID = DSL.field(DSL.name("object_acl", "workspace_id"), Long.class);
    private static final Field<String> OBJECT_TYPE = DSL.field(DSL.name("object_acl", "object_type"), String.class);
    private static final Field<String> OBJECT_ID = DSL.field(DSL.name("object_acl", "object_id"), String.class);
    private static final Field<Long> PRINCIPAL_ID = DSL.field(DSL.name("object_acl", "principal_id"), Long.class);
    private static final Field<String> LEVEL = DSL.field(DSL.name("object_acl", "level"), String.class);

    private final Database database;

    public GrantStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** The highest level the caller was given on each of these objects; those without are absent. One query. */
    Map<Long, Permission> given(Caller caller, Collection<Long> objectIds) {
        if (objectIds.isEmpty()) {
            return Map.of();
        }
        return highest(database.context()
                .select(OBJECT_ID, LEVEL)
                .from(ACL)
                .where(toCaller(caller))
                .and(OBJECT_ID.in(
                        objectIds.stream().map(id -> Long.toString(id)).toList()))
                .fetch());
    }

    /** The same for the live entries of a folder, however many there are. One query. */
    Map<Long, Permission> givenIn(Caller caller, long folderId) {
        return highest(database.context()
                .select(OBJECT_ID, LEVEL)
                .from(ACL)
                .join(TREE_OBJECT)
                .on(TREE_OBJECT.WORKSPACE_ID.eq(WORKSPACE_ID))
                .and(TREE_OBJECT.OBJECT_ID.cast(SQLDataType.VARCHAR).eq(OBJECT_ID))
                .where(toCaller(caller))
                .and(TREE_OBJECT.WORKSPACE_ID.eq(caller.workspaceId()))
                .and(TREE_OBJECT.PARENT_ID.eq(folderId))
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .fetch());
    }

    /** The ids of live objects the caller was given anything on, the newest first. */
    List<Long> all(Caller caller, int limit) {
        return database.context()
                .selectDistinct(TREE_OBJECT.OBJECT_ID)
                .from(ACL)
                .join(TREE_OBJECT)
                .on(TREE_OBJECT.WORKSPACE_ID.eq(WORKSPACE_ID))
                .and(TREE_OBJECT.OBJECT_ID.cast(SQLDataType.VARCHAR).eq(OBJECT_ID))
                .where(toCaller(caller))
                .and(TREE_OBJECT.WORKSPACE_ID.eq(caller.workspaceId()))
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .orderBy(TREE_OBJECT.OBJECT_ID.desc())
                .limit(limit)
                .fetch(TREE_OBJECT.OBJECT_ID);
    }

    private static Condition toCaller(Caller caller) {
        Set<Long> principals = new HashSet<>(caller.groups());
        principals.add(caller.userId());
        return WORKSPACE_ID
                .eq(caller.workspaceId())
                .and(OBJECT_TYPE.in(COLLECTIONS))
                .and(PRINCIPAL_ID.in(new ArrayList<>(principals)));
    }

    private static Map<Long, Permission> highest(Result<Record2<String, String>> rows) {
        Map<Long, Permission> found = new HashMap<>();
        rows.forEach(row -> found.merge(
                Long.valueOf(row.value1()),
                Permission.valueOf(row.value2()),
                (one, other) -> one.includes(other) ? one : other));
        return found;
    }
}
