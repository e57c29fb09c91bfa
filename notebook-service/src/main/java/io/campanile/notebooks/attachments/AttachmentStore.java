package io.campanile.notebooks.attachments;

import static io.campanile.notebooks.db.Tables.ATTACHMENT;
import static io.campanile.notebooks.db.Tables.NOTEBOOK;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.jooq.impl.DSL;

/** Which attachments a notebook has. Every statement names the workspace. */
final class AttachmentStore {
    private final Database database;

    AttachmentStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** False when there is no such notebook. */
    boolean insert(Caller caller, long notebookId, String id, MediaType type, long bytes, Instant now) {
        long workspaceId = caller.workspaceId();
        return database.inTransaction(tx -> {
            boolean there = tx.fetchExists(DSL.selectOne()
                    .from(NOTEBOOK)
                    .where(NOTEBOOK.WORKSPACE_ID.eq(workspaceId))
                    .and(NOTEBOOK.NOTEBOOK_ID.eq(notebookId))
                    .forKeyShare());
            if (there) {
                int added = tx.insertInto(ATTACHMENT)
                        .set(ATTACHMENT.WORKSPACE_ID, workspaceId)
                        .set(ATTACHMENT.NOTEBOOK_ID, notebookId)
                        .set(ATTACHMENT.ATTACHMENT_ID, id)
                        .set(ATTACHMENT.MEDIA_TYPE, type.wire())
                        .set(ATTACHMENT.BYTES, bytes)
                        .set(ATTACHMENT.CREATED_BY, caller.userName())
                        .set(ATTACHMENT.CREATED_AT, now.atOffset(ZoneOffset.UTC))
                        .onConflictDoNothing()
                        .execute();
                if (added > 0) {
                    Audit.record(tx, caller, "notebook/" + notebookId, Map.of("attachment_id", id, "bytes", bytes));
                }
            }
            return there;
        });
    }

    Optional<MediaType> find(long workspaceId, long notebookId, String id) {
        return database.context()
                .select(ATTACHMENT.MEDIA_TYPE)
                .from(ATTACHMENT)
                .where(ATTACHMENT.WORKSPACE_ID.eq(workspaceId))
                .and(ATTACHMENT.NOTEBOOK_ID.eq(notebookId))
                .and(ATTACHMENT.ATTACHMENT_ID.eq(id))
                .fetchOptional(ATTACHMENT.MEDIA_TYPE)
                .flatMap(MediaType::ofWire);
    }
}
