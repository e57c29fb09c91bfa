package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.CONTENT_DELETION;
import static io.campanile.workspace.db.Tables.DOCUMENT_DELETION;
import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static org.jooq.impl.DSL.any;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.val;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.db.TenantFence;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jooq.DSLContext;

/**
 * All SQL that removes subtrees for good. A small one goes at once. Of a large one only the top is marked, after which
 * nothing in it can be found; the rest goes in pieces that do not hold the tree.
 */
final class RemovalStore {
    private static final int AT_ONCE = 1000;
    private static final int PIECE = 5000;
    /** The object and all below it, thrown away or not, and how deep; "offset 0" for the reason in {@link ObjectStore}. */
    private static final String SUBTREE = """
            with recursive subtree(object_id, depth) as (
                select object_id, 0 from tree_object where workspace_id = ? and object_id = ?
                union all
                select down.object_id, subtree.depth + 1
                from subtree cross join lateral (
                    select object_id from tree_object where workspace_id = ? and parent_id = subtree.object_id offset 0
                ) down
            )
            """;

    private RemovalStore() {}

    /** Removes a subtree, or only the way to it and then false; within a transaction that holds the tree alone. */
    static boolean remove(DSLContext tx, Caller caller, long objectId, Instant now) {
        long workspaceId = caller.workspaceId();
        // Asked for one more than what goes at once: a large tree is not walked here.
        Long[] ids = ids(tx, "select object_id from subtree limit " + (AT_ONCE + 1), workspaceId, objectId);
        if (ids.length <= AT_ONCE) {
            delete(tx, caller, ids, now);
            return true;
        }
        OffsetDateTime time = now.atOffset(ZoneOffset.UTC);
        tx.update(TREE_OBJECT)
                .set(TREE_OBJECT.REMOVING, true)
                .set(TREE_OBJECT.TRASHED_AT, coalesce(TREE_OBJECT.TRASHED_AT, val(time, TREE_OBJECT.TRASHED_AT)))
                .set(TREE_OBJECT.TRASH_ROOT_ID, objectId)
                .setNull(TREE_OBJECT.OWNER_USER_ID)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.OBJECT_ID.eq(objectId))
                .execute();
        return false;
    }

    /** Removes the deepest objects of a marked subtree of any workspace; false when there is none. */
    static boolean removePiece(Database database, Instant now) {
        return database.inTransaction(tx -> {
            var top = TenantFence.acrossWorkspaces(tx, "the work list of what is being removed anywhere")
                    .select(TREE_OBJECT.WORKSPACE_ID, TREE_OBJECT.OBJECT_ID)
                    .from(TREE_OBJECT)
                    .where(TREE_OBJECT.REMOVING)
                    .limit(1)
                    .forUpdate()
                    .skipLocked()
                    .fetchOne();
            if (top == null) {
                return false;
            }
            Caller nobody = Caller.service("workspace", top.value1(), "");
            // Parents after their children: no piece leaves an object without its folder.
            Long[] ids = ids(
                    tx, "select object_id from subtree order by depth desc limit " + PIECE, top.value1(), top.value2());
            delete(tx, nobody, ids, now);
            return true;
        });
    }

    private static Long[] ids(DSLContext tx, String select, long workspaceId, long objectId) {
        return tx.fetch(SUBTREE + select, workspaceId, objectId, workspaceId)
                .getValues(0, Long.class)
                .toArray(Long[]::new);
    }

    /** Removes these rows, which have nothing below them but each other. */
    static void delete(DSLContext tx, Caller caller, Long[] ids, Instant now) {
        OffsetDateTime due = now.atOffset(ZoneOffset.UTC);
        var these = TREE_OBJECT.WORKSPACE_ID.eq(caller.workspaceId()).and(TREE_OBJECT.OBJECT_ID.eq(any(ids)));
        tx.insertInto(
                        DOCUMENT_DELETION,
                        DOCUMENT_DELETION.WORKSPACE_ID,
                        DOCUMENT_DELETION.OBJECT_ID,
                        DOCUMENT_DELETION.USER_ID,
                        DOCUMENT_DELETION.USER_NAME,
                        DOCUMENT_DELETION.ATTEMPTS,
                        DOCUMENT_DELETION.DUE_AT)
                .select(tx.select(
                                TREE_OBJECT.WORKSPACE_ID,
                                TREE_OBJECT.OBJECT_ID,
                                val(caller.userId()),
                                val(caller.userName()),
                                inline(0),
                                val(due, TREE_OBJECT.TRASHED_AT))
                        .from(TREE_OBJECT)
                        .where(these)
                        .and(TREE_OBJECT.OBJECT_TYPE.eq(ObjectType.NOTEBOOK.name())))
                .onConflictDoNothing()
                .execute();
        tx.insertInto(
                        CONTENT_DELETION,
                        CONTENT_DELETION.WORKSPACE_ID,
                        CONTENT_DELETION.OBJECT_ID,
                        CONTENT_DELETION.CONTENT_ID,
                        CONTENT_DELETION.ATTEMPTS,
                        CONTENT_DELETION.DUE_AT)
                .select(tx.select(
                                TREE_OBJECT.WORKSPACE_ID,
                                TREE_OBJECT.OBJECT_ID,
                                TREE_OBJECT.CONTENT_ID,
                                inline(0),
                                val(due, TREE_OBJECT.TRASHED_AT))
                        .from(TREE_OBJECT)
                        .where(these)
                        .and(TREE_OBJECT.CONTENT_ID.isNotNull()))
                .onConflictDoNothing()
                .execute();
        tx.execute("""
                delete from object_acl
                where workspace_id = ? and object_type in ('directories', 'notebooks', 'files', 'repos')
                and object_id in (select cast(gone as varchar) from unnest(?) gone)
                """, val(caller.workspaceId()), val(ids));
        tx.deleteFrom(TREE_OBJECT).where(these).execute();
    }
}
