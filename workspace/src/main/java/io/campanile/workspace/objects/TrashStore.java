package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.permissions.AclStore;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** All SQL that moves, throws away, restores and removes subtrees. Every statement names the workspace. */
public final class TrashStore {
    private final Database database;

    public TrashStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** What became of a removal. */
    enum Removed {
        DONE,
        NOT_EMPTY,
        GONE
    }

    /** Gives a live object another place or name; {@code NO_PARENT} too when the folder is in the object itself. */
    ObjectStore.Placed move(Caller caller, long objectId, long parentId, String name) {
        long workspaceId = caller.workspaceId();
        return database.inTransaction(tx -> {
            ObjectStore.lock(tx, workspaceId, true);
            boolean inside = ObjectStore.locate(tx, workspaceId, parentId).stream()
                    .flatMap(target -> target.chain().stream())
                    .anyMatch(folder -> folder.objectId() == objectId);
            Optional<Located> before = ObjectStore.locate(tx, workspaceId, objectId);
            if (before.isEmpty() || inside || !ObjectStore.isLiveFolder(tx, workspaceId, parentId)) {
                return ObjectStore.Placed.NO_PARENT;
            }
            if (!before.get().object().isAt(parentId, name)) {
                if (nameTaken(tx, workspaceId, objectId, parentId, name)) {
                    return ObjectStore.Placed.NAME_TAKEN;
                }
                tx.update(TREE_OBJECT)
                        .set(TREE_OBJECT.PARENT_ID, parentId)
                        .set(TREE_OBJECT.NAME, name)
                        .set(TREE_OBJECT.FOLDED_NAME, FoldedNames.fold(name))
                        .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                        .and(TREE_OBJECT.OBJECT_ID.eq(objectId))
                        .and(TREE_OBJECT.TRASHED_AT.isNull())
                        .execute();
            }
            keepManaging(tx, caller, before.get(), parentId);
            changed(tx, caller, before.get(), Map.of("to_parent_id", parentId, "to_name", name));
            return ObjectStore.Placed.DONE;
        });
    }

    /** Throws a live object away, and with it all that is below it: only the object itself is marked. */
    void trash(Caller caller, long objectId, Instant now) {
        long workspaceId = caller.workspaceId();
        database.transact(tx -> {
            ObjectStore.lock(tx, workspaceId, true);
            Optional<Located> there = ObjectStore.locate(tx, workspaceId, objectId);
            int thrown = tx.update(TREE_OBJECT)
                    .set(TREE_OBJECT.TRASHED_AT, now.atOffset(ZoneOffset.UTC))
                    .set(TREE_OBJECT.TRASH_ROOT_ID, objectId)
                    .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                    .and(TREE_OBJECT.OBJECT_ID.eq(objectId))
                    .and(TREE_OBJECT.TRASHED_AT.isNull())
                    .execute();
            if (thrown > 0) {
                there.ifPresent(object -> changed(tx, caller, object, Map.of()));
            }
        });
    }

    /** What the caller's workspace has thrown away and not under something else thrown away, the latest first. */
    List<WorkspaceObject> trashed(long workspaceId) {
        return database.context()
                .select(ObjectStore.COLUMNS)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.TRASH_ROOT_ID.eq(TREE_OBJECT.OBJECT_ID))
                .andNot(TREE_OBJECT.REMOVING)
                .orderBy(TREE_OBJECT.TRASHED_AT.desc(), TREE_OBJECT.OBJECT_ID)
                .limit(1000)
                .fetch(ObjectStore::object);
    }

    /** Brings back what went with {@code objectId}, into a live folder under a free name. */
    ObjectStore.Placed restore(Caller caller, long objectId, long parentId, String name) {
        long workspaceId = caller.workspaceId();
        return database.inTransaction(tx -> {
            ObjectStore.lock(tx, workspaceId, true);
            if (!ObjectStore.isLiveFolder(tx, workspaceId, parentId)) {
                return ObjectStore.Placed.NO_PARENT;
            }
            if (nameTaken(tx, workspaceId, objectId, parentId, name)) {
                return ObjectStore.Placed.NAME_TAKEN;
            }
            tx.update(TREE_OBJECT)
                    .set(TREE_OBJECT.PARENT_ID, parentId)
                    .set(TREE_OBJECT.NAME, name)
                    .set(TREE_OBJECT.FOLDED_NAME, FoldedNames.fold(name))
                    .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                    .and(TREE_OBJECT.OBJECT_ID.eq(objectId))
                    .and(TREE_OBJECT.TRASH_ROOT_ID.eq(objectId))
                    .execute();
            int restored = tx.update(TREE_OBJECT)
                    .setNull(TREE_OBJECT.TRASHED_AT)
                    .setNull(TREE_OBJECT.TRASH_ROOT_ID)
                    .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                    .and(TREE_OBJECT.TRASH_ROOT_ID.eq(objectId))
                    .execute();
            if (restored > 0) {
                ObjectStore.locate(tx, workspaceId, objectId)
                        .ifPresent(object -> changed(tx, caller, object, Map.of("objects", restored)));
            }
            return ObjectStore.Placed.DONE;
        });
    }

    /** Removes an object for good; the deletion of documents and contents is ordered in the same transaction. */
    Removed remove(Caller caller, long objectId, boolean recursive, Instant now) {
        long workspaceId = caller.workspaceId();
        return database.inTransaction(tx -> {
            ObjectStore.lock(tx, workspaceId, true);
            Optional<Located> located = ObjectStore.locate(tx, workspaceId, objectId);
            if (located.isEmpty()) {
                return Removed.GONE;
            }
            boolean occupied = tx.fetchExists(
                    TREE_OBJECT,
                    TREE_OBJECT
                            .WORKSPACE_ID
                            .eq(workspaceId)
                            .and(TREE_OBJECT.PARENT_ID.eq(objectId))
                            .and(TREE_OBJECT.TRASHED_AT.isNull()));
            if (occupied && !recursive) {
                return Removed.NOT_EMPTY;
            }
            boolean whole = RemovalStore.remove(tx, caller, objectId, now);
            changed(tx, caller, located.get(), Map.of("whole", whole));
            return Removed.DONE;
        });
    }

    /** Removes a piece of what is being removed; false when there is nothing. */
    boolean removePiece(Instant now) {
        return RemovalStore.removePiece(database, now);
    }

    /** Thrown away before {@code limit}, in any workspace: what the trash gives up. */
    List<WorkspaceObject> expired(Instant limit) {
        return database.acrossWorkspaces("the trash is emptied everywhere")
                .select(ObjectStore.COLUMNS)
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.TRASHED_AT.lt(limit.atOffset(ZoneOffset.UTC)))
                .and(TREE_OBJECT.TRASH_ROOT_ID.eq(TREE_OBJECT.OBJECT_ID))
                .andNot(TREE_OBJECT.REMOVING)
                .limit(100)
                .fetch(ObjectStore::object);
    }

    /** Whoever moves his own object into somebody else's folder goes on managing it, as if he had made it there. */
    private static void keepManaging(DSLContext tx, Caller caller, Located moved, long parentId) {
        boolean needed = ObjectStore.locate(tx, caller.workspaceId(), parentId)
                .filter(folder -> Permissions.creatorNeedsGrant(caller, folder))
                .isPresent();
        if (needed && !caller.admin()) {
            ObjectStore.giveManage(tx, caller, moved.object());
        }
    }

    /** Who may see what depends on where it is: those who remember are told, and the audit log has it. */
    private static void changed(DSLContext tx, Caller caller, Located object, Map<String, ?> details) {
        AclStore.changed(tx, caller.workspaceId());
        Map<String, Object> facts = new HashMap<>(details);
        facts.put("path", object.path().toString());
        Audit.record(tx, caller, ObjectStore.audited(object.object()), facts);
    }

    /** The lock makes reading first safe here; an update has no way to say "unless the name is taken". */
    private static boolean nameTaken(DSLContext tx, long workspaceId, long objectId, long parentId, String name) {
        return tx.fetchExists(DSL.selectOne()
                .from(TREE_OBJECT)
                .where(TREE_OBJECT.WORKSPACE_ID.eq(workspaceId))
                .and(TREE_OBJECT.PARENT_ID.eq(parentId))
                .and(ObjectStore.named(name))
                .and(TREE_OBJECT.OBJECT_ID.ne(objectId))
                .and(TREE_OBJECT.TRASHED_AT.isNull()));
    }
}
