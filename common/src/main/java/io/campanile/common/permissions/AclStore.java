package io.campanile.common.permissions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.directory.PrincipalKind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertSetMoreStep;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** All SQL of grants, in the schema of whichever service has it. Every statement names the workspace. */
public final class AclStore {
    private static final Table<?> ACL = DSL.table(DSL.name("object_acl"));
    private static final Field<Long> WORKSPACE_ID = DSL.field(DSL.name("object_acl", "workspace_id"), Long.class);
    private static final Field<String> OBJECT_TYPE = DSL.field(DSL.name("object_acl", "object_type"), String.class);
    private static final Field<String> OBJECT_ID = DSL.field(DSL.name("object_acl", "object_id"), String.class);
    private static final Field<Long> PRINCIPAL_ID = DSL.field(DSL.name("object_acl", "principal_id"), Long.class);
    private static final Field<String> KIND = DSL.field(DSL.name("object_acl", "principal_kind"), String.class);
    private static final Field<String> LEVEL = DSL.field(DSL.name("object_acl", "level"), String.class);
    private static final Field<Integer> POSITION = DSL.field(DSL.name("object_acl", "position"), Integer.class);
    /** Keeps this lock apart from other uses of advisory locks. */
    private static final int ACL_LOCK = 0x41_43_4c;

    private final Database database;

    public AclStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** The grants on all of these objects, those of one object in the order in which they were given. One query. */
    public List<Grant> of(long workspaceId, Collection<ObjectRef> objects) {
        return of(database.context(), workspaceId, objects);
    }

    static List<Grant> of(DSLContext tx, long workspaceId, Collection<ObjectRef> objects) {
        if (objects.isEmpty()) {
            return List.of();
        }
        var named = objects.stream()
                .map(object -> DSL.row(object.collection(), object.id()))
                .toList();
        return tx.select(OBJECT_TYPE, OBJECT_ID, PRINCIPAL_ID, KIND, LEVEL)
                .from(ACL)
                .where(WORKSPACE_ID.eq(workspaceId))
                .and(DSL.row(OBJECT_TYPE, OBJECT_ID).in(named))
                .orderBy(OBJECT_TYPE, OBJECT_ID, POSITION, PRINCIPAL_ID)
                .fetch(row -> new Grant(
                        new ObjectRef(row.value1(), row.value2()),
                        row.value3(),
                        PrincipalKind.valueOf(row.value4()),
                        row.value5()));
    }

    /** Whether one of the principals was given anything on an object of the row: for lists that show what one may see. */
    public static Condition reaches(
            long workspaceId, String collection, Field<String> objectId, Collection<Long> principals) {
        return DSL.exists(DSL.selectOne()
                .from(ACL)
                .where(WORKSPACE_ID.eq(workspaceId))
                .and(OBJECT_TYPE.eq(collection))
                .and(OBJECT_ID.eq(objectId))
                .and(PRINCIPAL_ID.in(principals)));
    }

    /** One change of an object's grants at a time, to the end of the transaction. */
    static void lock(DSLContext tx, long workspaceId, ObjectRef object) {
        int folded = Long.hashCode(workspaceId) * 31 + object.hashCode();
        tx.execute("select pg_advisory_xact_lock({0}, {1})", DSL.val(ACL_LOCK), DSL.val(folded));
    }

    /** The grants on an object become these, in this order. */
    static void replace(DSLContext tx, long workspaceId, ObjectRef object, List<Grant> grants) {
        deleteRows(tx, workspaceId, object);
        for (int i = 0; i < grants.size(); i++) {
            row(tx, workspaceId, grants.get(i), i + 1).execute();
        }
        changed(tx, workspaceId);
    }

    /** Gives one level to one principal, as the creator of an object gets it. */
    public static void give(DSLContext tx, long workspaceId, Grant grant) {
        row(tx, workspaceId, grant, 1)
                .onConflict(
                        DSL.field(DSL.name("workspace_id")),
                        DSL.field(DSL.name("object_type")),
                        DSL.field(DSL.name("object_id")),
                        DSL.field(DSL.name("principal_id")))
                .doUpdate()
                .set(DSL.field(DSL.name("level"), String.class), grant.level())
                .execute();
    }

    /** The object is gone for good. */
    public static void forget(DSLContext tx, long workspaceId, ObjectRef object) {
        deleteRows(tx, workspaceId, object);
        changed(tx, workspaceId);
    }

    /** Says that decisions which somebody remembers may no longer hold. */
    public static void changed(DSLContext tx, long workspaceId) {
        Field<Long> changes = DSL.field(DSL.name("acl_change", "changes"), Long.class);
        Field<Long> workspace = DSL.field(DSL.name("workspace_id"), SQLDataType.BIGINT);
        tx.insertInto(DSL.table(DSL.name("acl_change")), workspace, DSL.field(DSL.name("changes"), SQLDataType.BIGINT))
                .values(workspaceId, 1L)
                .onConflict(workspace)
                .doUpdate()
                .set(DSL.field(DSL.name("changes"), SQLDataType.BIGINT), changes.plus(1))
                .execute();
    }

    /** How often access changed in each of these workspaces; never changed ones are absent. */
    public Map<Long, Long> changes(Collection<Long> workspaces) {
        Field<Long> workspace = DSL.field(DSL.name("workspace_id"), Long.class);
        Field<Long> changes = DSL.field(DSL.name("changes"), Long.class);
        Map<Long, Long> found = new HashMap<>();
        database.context()
                .select(workspace, changes)
                .from(DSL.table(DSL.name("acl_change")))
                .where(workspace.in(workspaces))
                .forEach(row -> found.put(row.value1(), row.value2()));
        return found;
    }

    private static void deleteRows(DSLContext tx, long workspaceId, ObjectRef object) {
        tx.deleteFrom(ACL)
                .where(WORKSPACE_ID.eq(workspaceId))
                .and(OBJECT_TYPE.eq(object.collection()))
                .and(OBJECT_ID.eq(object.id()))
                .execute();
    }

    private static InsertSetMoreStep<?> row(DSLContext tx, long workspaceId, Grant grant, int position) {
        Map<Field<?>, Object> row = new HashMap<>();
        row.put(DSL.field(DSL.name("workspace_id")), workspaceId);
        row.put(DSL.field(DSL.name("object_type")), grant.object().collection());
        row.put(DSL.field(DSL.name("object_id")), grant.object().id());
        row.put(DSL.field(DSL.name("principal_id")), grant.principalId());
        row.put(DSL.field(DSL.name("principal_kind")), grant.kind().name());
        row.put(DSL.field(DSL.name("level")), grant.level());
        row.put(DSL.field(DSL.name("position")), position);
        return tx.insertInto(ACL).set(row);
    }
}
