package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.DOCUMENT_DELETION;
import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.contents.Content;
import io.campanile.workspace.contents.ContentStore;
import io.campanile.workspace.db.Sequences;
import io.campanile.workspace.db.tables.records.TreeObjectRecord;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** All SQL that makes many entries at once. Every statement names the workspace. */
public final class ArchiveStore {
    private final Database database;

    public ArchiveStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    List<Long> nextIds(int count) {
        return database.context()
                .select(Sequences.TREE_OBJECT_ID_SEQ.nextval())
                .from(DSL.generateSeries(1, count))
                .fetch(row -> row.value1().longValue());
    }

    /** Notes documents that are about to be made: without {@link #insert} they are deleted at {@code due}. */
    void intend(Caller caller, List<Long> notebooks, Instant due) {
        database.transact(tx -> {
            var notes = notebooks.stream()
                    .map(objectId -> {
                        var note = tx.newRecord(DOCUMENT_DELETION);
                        note.setWorkspaceId(caller.workspaceId());
                        note.setObjectId(objectId);
                        note.setUserId(caller.userId());
                        note.setUserName(caller.userName());
                        note.setAttempts(0);
                        note.setDueAt(due.atOffset(ZoneOffset.UTC));
                        return note;
                    })
                    .toList();
            tx.batchInsert(notes).execute();
        });
    }

    /** Makes the noted deletions due at once. */
    void hasten(Caller caller, List<Long> notebooks, Instant now) {
        database.context()
                .update(DOCUMENT_DELETION)
                .set(DOCUMENT_DELETION.DUE_AT, now.atOffset(ZoneOffset.UTC))
                .where(DOCUMENT_DELETION.WORKSPACE_ID.eq(caller.workspaceId()))
                .and(DOCUMENT_DELETION.OBJECT_ID.eq(DSL.any(notebooks.toArray(Long[]::new))))
                .execute();
    }

    /** Inserts a new folder with all that is to be in it, or nothing: {@code below} has folders before their content. */
    ObjectStore.Placed insert(Caller caller, Located parent, WorkspaceObject top, List<WorkspaceObject> below) {
        return database.inTransaction(tx -> {
            ObjectStore.Placed placed = ObjectStore.create(tx, caller, parent, top);
            if (placed != ObjectStore.Placed.DONE) {
                return placed;
            }
            tx.batchInsert(below.stream().map(object -> row(tx, object)).toList())
                    .execute();
            settle(tx, caller, below);
            Audit.record(
                    tx,
                    caller,
                    ObjectStore.audited(top),
                    Map.of("path", parent.path().child(top.name()).toString(), "objects", below.size()));
            return placed;
        });
    }

    /** Takes the notes of new documents and contents away with the rows that refer to them. */
    static void settle(DSLContext tx, Caller caller, List<WorkspaceObject> below) {
        Long[] notebooks = below.stream()
                .filter(WorkspaceObject::isNotebook)
                .map(WorkspaceObject::objectId)
                .toArray(Long[]::new);
        int settled = tx.deleteFrom(DOCUMENT_DELETION)
                .where(DOCUMENT_DELETION.WORKSPACE_ID.eq(caller.workspaceId()))
                .and(DOCUMENT_DELETION.OBJECT_ID.eq(DSL.any(notebooks)))
                .and(DOCUMENT_DELETION.ATTEMPTS.eq(0))
                .execute();
        List<Long> contents = below.stream()
                .flatMap(object -> java.util.Optional.ofNullable(object.content()).stream())
                .map(Content::contentId)
                .toList();
        if (settled != notebooks.length || !ContentStore.settle(tx, caller.workspaceId(), contents)) {
            throw new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "The import took too long; try again");
        }
    }

    private static TreeObjectRecord row(DSLContext tx, WorkspaceObject object) {
        TreeObjectRecord row = tx.newRecord(TREE_OBJECT);
        row.setWorkspaceId(object.workspaceId());
        row.setObjectId(object.objectId());
        row.setParentId(object.parentId());
        row.setName(object.name());
        row.setFoldedName(FoldedNames.fold(object.name()));
        row.setObjectType(object.type().name());
        row.setLanguage(object.language() == null ? null : object.language().name());
        row.setCreatedAt(object.createdAt().atOffset(ZoneOffset.UTC));
        row.setModifiedAt(object.modifiedAt().atOffset(ZoneOffset.UTC));
        row.setContentId(object.content() == null ? null : object.content().contentId());
        row.setSize(object.content() == null ? null : object.content().size());
        row.setRemoving(false);
        return row;
    }
}
