package io.campanile.notebooks.documents;

import static io.campanile.notebooks.db.Tables.NOTEBOOK_VERSION;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record7;
import org.jooq.Records;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;

/** All SQL of named versions. Every statement names the workspace. */
final class VersionStore {
    /** A name as it is shown and as it is compared. */
    record Name(String shown, String key) {}

    List<Version> list(DSLContext tx, NotebookKey key) {
        return select(tx, key)
                .orderBy(NOTEBOOK_VERSION.REVISION.desc(), NOTEBOOK_VERSION.VERSION_ID.desc())
                .fetch(Records.mapping(VersionStore::version));
    }

    Optional<Version> find(DSLContext tx, NotebookKey key, long versionId) {
        return select(tx, key)
                .and(NOTEBOOK_VERSION.VERSION_ID.eq(versionId))
                .fetchOptional(Records.mapping(VersionStore::version));
    }

    int count(DSLContext tx, NotebookKey key) {
        return tx.fetchCount(NOTEBOOK_VERSION, of(key));
    }

    /** Empty when the notebook has a version of that name already. */
    Optional<Long> insert(DSLContext tx, NotebookKey key, Name name, Version version) {
        return tx.insertInto(NOTEBOOK_VERSION)
                .set(NOTEBOOK_VERSION.WORKSPACE_ID, key.workspaceId())
                .set(NOTEBOOK_VERSION.NOTEBOOK_ID, key.notebookId())
                .set(NOTEBOOK_VERSION.NAME, name.shown())
                .set(NOTEBOOK_VERSION.NAME_KEY, name.key())
                .set(NOTEBOOK_VERSION.DESCRIPTION, version.description())
                .set(NOTEBOOK_VERSION.REVISION, version.revision())
                .set(NOTEBOOK_VERSION.REVISION_AT, version.revisionAt().atOffset(ZoneOffset.UTC))
                .set(NOTEBOOK_VERSION.CREATED_BY, version.createdBy())
                .set(NOTEBOOK_VERSION.CREATED_AT, version.createdAt().atOffset(ZoneOffset.UTC))
                .onConflictDoNothing()
                .returning(NOTEBOOK_VERSION.VERSION_ID)
                .fetchOptional(NOTEBOOK_VERSION.VERSION_ID);
    }

    /** False when another version has that name; the notebook's row is locked, so nothing comes between. */
    boolean update(DSLContext tx, NotebookKey key, long versionId, Name name, String description) {
        boolean taken = tx.fetchExists(DSL.selectOne()
                .from(NOTEBOOK_VERSION)
                .where(of(key))
                .and(NOTEBOOK_VERSION.NAME_KEY.eq(name.key()))
                .and(NOTEBOOK_VERSION.VERSION_ID.ne(versionId)));
        return !taken
                && tx.update(NOTEBOOK_VERSION)
                                .set(NOTEBOOK_VERSION.NAME, name.shown())
                                .set(NOTEBOOK_VERSION.NAME_KEY, name.key())
                                .set(NOTEBOOK_VERSION.DESCRIPTION, description)
                                .where(of(key))
                                .and(NOTEBOOK_VERSION.VERSION_ID.eq(versionId))
                                .execute()
                        == 1;
    }

    boolean delete(DSLContext tx, NotebookKey key, long versionId) {
        return tx.deleteFrom(NOTEBOOK_VERSION)
                        .where(of(key))
                        .and(NOTEBOOK_VERSION.VERSION_ID.eq(versionId))
                        .execute()
                == 1;
    }

    private static Condition of(NotebookKey key) {
        return NOTEBOOK_VERSION
                .WORKSPACE_ID
                .eq(key.workspaceId())
                .and(NOTEBOOK_VERSION.NOTEBOOK_ID.eq(key.notebookId()));
    }

    private static SelectConditionStep<Record7<Long, String, String, Long, OffsetDateTime, String, OffsetDateTime>>
            select(DSLContext tx, NotebookKey key) {
        return tx.select(
                        NOTEBOOK_VERSION.VERSION_ID,
                        NOTEBOOK_VERSION.NAME,
                        NOTEBOOK_VERSION.DESCRIPTION,
                        NOTEBOOK_VERSION.REVISION,
                        NOTEBOOK_VERSION.REVISION_AT,
                        NOTEBOOK_VERSION.CREATED_BY,
                        NOTEBOOK_VERSION.CREATED_AT)
                .from(NOTEBOOK_VERSION)
                .where(of(key));
    }

    private static Version version(
            long versionId,
            String name,
            String description,
            long revision,
            OffsetDateTime revisionAt,
            String createdBy,
            OffsetDateTime createdAt) {
        return new Version(
                versionId, name, description, revision, revisionAt.toInstant(), createdBy, createdAt.toInstant());
    }
}
