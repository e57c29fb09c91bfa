package io.campanile.workspace.files;

import static io.campanile.workspace.db.Sequences.FILE_UPLOAD_ID_SEQ;
import static io.campanile.workspace.db.Tables.FILE_UPLOAD;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.workspace.blobs.BlobPath;
import io.campanile.workspace.blobs.Expected;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** All SQL of uploads. Every statement names the workspace, but those of the sweep, which looks after all. */
public final class UploadStore {
    private final Database database;

    public UploadStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** Empty when the person has {@code most} already. */
    Optional<Upload> insert(
            Caller caller,
            Upload.Kind kind,
            BlobPath path,
            Expected expected,
            @Nullable Long size,
            Instant now,
            Instant expires,
            int most) {
        return database.inTransaction(tx -> {
            // One at a time for each person, or the count would be of a moment ago.
            tx.execute("select pg_advisory_xact_lock(?, ?)", 0x0F11E, Long.hashCode(caller.userId()));
            int has = tx.fetchCount(
                    FILE_UPLOAD,
                    FILE_UPLOAD.WORKSPACE_ID.eq(caller.workspaceId()).and(FILE_UPLOAD.USER_ID.eq(caller.userId())));
            if (has >= most) {
                return Optional.empty();
            }
            Upload upload = new Upload(
                    caller.workspaceId(),
                    tx.nextval(FILE_UPLOAD_ID_SEQ).longValue(),
                    caller.userId(),
                    kind,
                    path,
                    !(expected instanceof Expected.Nothing),
                    expected instanceof Expected.Tagged tagged ? tagged.etag() : null,
                    size,
                    0,
                    now,
                    expires);
            write(tx, upload);
            Audit.record(tx, caller, "file" + path, Map.of("upload_id", upload.uploadId()));
            return Optional.of(upload);
        });
    }

    private static void write(DSLContext tx, Upload upload) {
        tx.insertInto(FILE_UPLOAD)
                .set(FILE_UPLOAD.WORKSPACE_ID, upload.workspaceId())
                .set(FILE_UPLOAD.UPLOAD_ID, upload.uploadId())
                .set(FILE_UPLOAD.USER_ID, upload.userId())
                .set(FILE_UPLOAD.KIND, upload.kind().name())
                .set(FILE_UPLOAD.PATH, upload.path().toString())
                .set(FILE_UPLOAD.OVERWRITE, upload.overwrite())
                .set(FILE_UPLOAD.IF_MATCH, upload.ifMatch())
                .set(FILE_UPLOAD.SIZE, upload.size())
                .set(FILE_UPLOAD.RECEIVED, upload.received())
                .set(FILE_UPLOAD.CREATED_AT, upload.createdAt().atOffset(ZoneOffset.UTC))
                .set(FILE_UPLOAD.EXPIRES_AT, upload.expiresAt().atOffset(ZoneOffset.UTC))
                .execute();
    }

    /** The caller's own; nobody else's exists. */
    Optional<Upload> find(Caller caller, Upload.Kind kind, long uploadId) {
        return database.context()
                .selectFrom(FILE_UPLOAD)
                .where(FILE_UPLOAD.WORKSPACE_ID.eq(caller.workspaceId()))
                .and(FILE_UPLOAD.UPLOAD_ID.eq(uploadId))
                .and(FILE_UPLOAD.USER_ID.eq(caller.userId()))
                .and(FILE_UPLOAD.KIND.eq(kind.name()))
                .fetchOptional(UploadStore::upload);
    }

    /** Acknowledges what has come. */
    void received(Upload upload, long received, Instant expires) {
        database.context()
                .update(FILE_UPLOAD)
                .set(FILE_UPLOAD.RECEIVED, received)
                .set(FILE_UPLOAD.EXPIRES_AT, expires.atOffset(ZoneOffset.UTC))
                .where(is(upload))
                .execute();
    }

    /** Ends it, in the transaction that does what it was for. */
    static void remove(DSLContext tx, Upload upload) {
        tx.deleteFrom(FILE_UPLOAD).where(is(upload)).execute();
    }

    void abort(Caller caller, Upload upload) {
        database.transact(tx -> {
            remove(tx, upload);
            Audit.record(tx, caller, "file" + upload.path(), Map.of("upload_id", upload.uploadId()));
        });
    }

    /** Nobody has come for these, in any workspace. */
    List<Upload> expired(Instant now) {
        return database.acrossWorkspaces("uploads end everywhere when nobody comes for them")
                .selectFrom(FILE_UPLOAD)
                .where(FILE_UPLOAD.EXPIRES_AT.lt(now.atOffset(ZoneOffset.UTC)))
                .limit(100)
                .fetch(UploadStore::upload);
    }

    void forget(Upload upload) {
        remove(database.context(), upload);
    }

    /** What all uploads of all workspaces have in the staging folder. */
    Set<String> stagedNames() {
        return new HashSet<>(database.acrossWorkspaces("the staging folder is one")
                .select(FILE_UPLOAD.WORKSPACE_ID, FILE_UPLOAD.UPLOAD_ID)
                .from(FILE_UPLOAD)
                .fetch(row -> Upload.stagedName(row.value1(), row.value2())));
    }

    private static Condition is(Upload upload) {
        return FILE_UPLOAD.WORKSPACE_ID.eq(upload.workspaceId()).and(FILE_UPLOAD.UPLOAD_ID.eq(upload.uploadId()));
    }

    private static Upload upload(Record row) {
        return new Upload(
                row.get(FILE_UPLOAD.WORKSPACE_ID),
                row.get(FILE_UPLOAD.UPLOAD_ID),
                row.get(FILE_UPLOAD.USER_ID),
                Upload.Kind.valueOf(row.get(FILE_UPLOAD.KIND)),
                BlobPath.parse(row.get(FILE_UPLOAD.PATH), "path"),
                row.get(FILE_UPLOAD.OVERWRITE),
                row.get(FILE_UPLOAD.IF_MATCH),
                row.get(FILE_UPLOAD.SIZE),
                row.get(FILE_UPLOAD.RECEIVED),
                row.get(FILE_UPLOAD.CREATED_AT).toInstant(),
                row.get(FILE_UPLOAD.EXPIRES_AT).toInstant());
    }
}
