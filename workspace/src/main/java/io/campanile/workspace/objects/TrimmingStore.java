package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.NOTEBOOK_TRIMMING;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.workspace.formats.Trimmings;

/** All SQL of what files had beside their notebooks. Deleted with the document, by {@link DeletionStore}. */
public final class TrimmingStore {
    private final Database database;

    public TrimmingStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** Keeps what the file of a notebook had instead of what an earlier one had. */
    void save(long workspaceId, long objectId, Trimmings trimmings) {
        if (trimmings.none()) {
            database.context()
                    .deleteFrom(NOTEBOOK_TRIMMING)
                    .where(NOTEBOOK_TRIMMING.WORKSPACE_ID.eq(workspaceId))
                    .and(NOTEBOOK_TRIMMING.OBJECT_ID.eq(objectId))
                    .execute();
            return;
        }
        // JSON escapes what the database cannot keep.
        String text = Json.write(trimmings);
        database.context()
                .insertInto(NOTEBOOK_TRIMMING)
                .set(NOTEBOOK_TRIMMING.WORKSPACE_ID, workspaceId)
                .set(NOTEBOOK_TRIMMING.OBJECT_ID, objectId)
                .set(NOTEBOOK_TRIMMING.TRIMMINGS, text)
                .onConflict(NOTEBOOK_TRIMMING.WORKSPACE_ID, NOTEBOOK_TRIMMING.OBJECT_ID)
                .doUpdate()
                .set(NOTEBOOK_TRIMMING.TRIMMINGS, text)
                .execute();
    }

    Trimmings find(long workspaceId, long objectId) {
        return database.context()
                .select(NOTEBOOK_TRIMMING.TRIMMINGS)
                .from(NOTEBOOK_TRIMMING)
                .where(NOTEBOOK_TRIMMING.WORKSPACE_ID.eq(workspaceId))
                .and(NOTEBOOK_TRIMMING.OBJECT_ID.eq(objectId))
                .fetchOptional(NOTEBOOK_TRIMMING.TRIMMINGS)
                .map(text -> Json.read(text, Trimmings.class))
                .orElse(Trimmings.NONE);
    }
}
