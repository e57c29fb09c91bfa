package io.campanile.notebooks.documents;

import static io.campanile.notebooks.db.Tables.NOTEBOOK;
import static io.campanile.notebooks.db.Tables.NOTEBOOK_CELL;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import io.campanile.notebooks.documents.DocumentState.Entry;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The newest revision of notebooks as rows. Every statement names the workspace. */
final class DocumentStore {
    private static final long UNITS_A_BATCH = 4L * 1024 * 1024;

    private final Database database;

    DocumentStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** What one notebook row says. */
    record Header(String language, long revision, Instant createdAt, Instant modifiedAt) {}

    <T> T inTransaction(Function<DSLContext, T> work) {
        return database.inTransaction(work);
    }

    /** One consistent look at several tables. */
    <T> T reading(Function<DSLContext, T> work) {
        return database.inTransaction(tx -> {
            tx.execute("set transaction isolation level repeatable read read only");
            return work.apply(tx);
        });
    }

    /** False when it exists already. */
    boolean create(DSLContext tx, NotebookKey key, String language, Instant now) {
        return tx.insertInto(NOTEBOOK)
                        .set(NOTEBOOK.WORKSPACE_ID, key.workspaceId())
                        .set(NOTEBOOK.NOTEBOOK_ID, key.notebookId())
                        .set(NOTEBOOK.LANGUAGE, language)
                        .set(NOTEBOOK.REVISION, 0L)
                        .set(NOTEBOOK.CREATED_AT, now.atOffset(ZoneOffset.UTC))
                        .set(NOTEBOOK.MODIFIED_AT, now.atOffset(ZoneOffset.UTC))
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** The lock under which operations get their order. */
    Optional<Header> lock(DSLContext tx, NotebookKey key) {
        return tx.select(NOTEBOOK.LANGUAGE, NOTEBOOK.REVISION, NOTEBOOK.CREATED_AT, NOTEBOOK.MODIFIED_AT)
                .from(NOTEBOOK)
                .where(NOTEBOOK.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK.NOTEBOOK_ID.eq(key.notebookId()))
                .forUpdate()
                .fetchOptional(DocumentStore::header);
    }

    Optional<Header> header(DSLContext tx, NotebookKey key) {
        return tx.select(NOTEBOOK.LANGUAGE, NOTEBOOK.REVISION, NOTEBOOK.CREATED_AT, NOTEBOOK.MODIFIED_AT)
                .from(NOTEBOOK)
                .where(NOTEBOOK.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK.NOTEBOOK_ID.eq(key.notebookId()))
                .fetchOptional(DocumentStore::header);
    }

    DocumentState load(DSLContext tx, NotebookKey key, Header header) {
        var state = new DocumentState(header.language(), header.revision());
        for (Entry entry : entries(tx, key, true)) {
            state.load(entry);
        }
        return state;
    }

    Optional<NotebookDocument> read(NotebookKey key) {
        return reading(tx -> header(tx, key).map(header -> {
            var state = new DocumentState(header.language(), header.revision());
            entries(tx, key, false).forEach(state::load);
            return new NotebookDocument(
                    key.workspaceId(),
                    key.notebookId(),
                    header.language(),
                    header.revision(),
                    header.modifiedAt(),
                    state.liveInOrder());
        }));
    }

    /** Bytes of all texts, without reading them. */
    long textBytes(NotebookKey key) {
        return database.context()
                .select(DSL.coalesce(DSL.sum(DSL.octetLength(NOTEBOOK_CELL.SRC)), BigDecimal.ZERO))
                .from(NOTEBOOK_CELL)
                .where(NOTEBOOK_CELL.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK_CELL.NOTEBOOK_ID.eq(key.notebookId()))
                .and(NOTEBOOK_CELL.DELETED.isFalse())
                .fetchSingle()
                .value1()
                .longValue();
    }

    /** Texts go in pieces: a batch is in memory several times. */
    void upsertCells(DSLContext tx, NotebookKey key, List<Entry> entries) {
        List<Query> queries = new ArrayList<>();
        long units = 0;
        for (Entry entry : entries) {
            queries.add(upsert(tx, key, entry));
            units += entry.cell().src().length();
            if (units > UNITS_A_BATCH) {
                tx.batch(queries).execute();
                queries.clear();
                units = 0;
            }
        }
        if (!queries.isEmpty()) {
            tx.batch(queries).execute();
        }
    }

    void advance(DSLContext tx, NotebookKey key, String language, long revision, Instant now) {
        tx.update(NOTEBOOK)
                .set(NOTEBOOK.LANGUAGE, language)
                .set(NOTEBOOK.REVISION, revision)
                .set(NOTEBOOK.MODIFIED_AT, now.atOffset(ZoneOffset.UTC))
                .where(NOTEBOOK.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK.NOTEBOOK_ID.eq(key.notebookId()))
                .execute();
    }

    /** The cells, operations, snapshots and attachments go with it. */
    boolean delete(DSLContext tx, NotebookKey key) {
        return tx.deleteFrom(NOTEBOOK)
                        .where(NOTEBOOK.WORKSPACE_ID.eq(key.workspaceId()))
                        .and(NOTEBOOK.NOTEBOOK_ID.eq(key.notebookId()))
                        .execute()
                == 1;
    }

    private static List<Entry> entries(DSLContext tx, NotebookKey key, boolean deletedToo) {
        var all = tx.select(
                        NOTEBOOK_CELL.CELL_ID,
                        NOTEBOOK_CELL.TYPE,
                        NOTEBOOK_CELL.LANG,
                        NOTEBOOK_CELL.SRC,
                        NOTEBOOK_CELL.VER,
                        NOTEBOOK_CELL.POS,
                        NOTEBOOK_CELL.META,
                        NOTEBOOK_CELL.DELETED,
                        NOTEBOOK_CELL.VER_FLOOR)
                .from(NOTEBOOK_CELL)
                .where(NOTEBOOK_CELL.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK_CELL.NOTEBOOK_ID.eq(key.notebookId()));
        return (deletedToo ? all : all.and(NOTEBOOK_CELL.DELETED.isFalse())).fetch(DocumentStore::entry);
    }

    private static Query upsert(DSLContext tx, NotebookKey key, Entry entry) {
        Cell cell = entry.cell();
        String meta = StoredText.encode(Json.write(cell.meta()));
        String src = StoredText.encode(cell.src());
        return tx.insertInto(NOTEBOOK_CELL)
                .set(NOTEBOOK_CELL.WORKSPACE_ID, key.workspaceId())
                .set(NOTEBOOK_CELL.NOTEBOOK_ID, key.notebookId())
                .set(NOTEBOOK_CELL.CELL_ID, cell.id())
                .set(NOTEBOOK_CELL.TYPE, cell.type().wire())
                .set(NOTEBOOK_CELL.LANG, cell.lang())
                .set(NOTEBOOK_CELL.POS, cell.pos())
                .set(NOTEBOOK_CELL.VER, cell.ver())
                .set(NOTEBOOK_CELL.VER_FLOOR, entry.floor())
                .set(NOTEBOOK_CELL.DELETED, entry.deleted())
                .set(NOTEBOOK_CELL.SRC, src)
                .set(NOTEBOOK_CELL.META, meta)
                .onConflict(NOTEBOOK_CELL.WORKSPACE_ID, NOTEBOOK_CELL.NOTEBOOK_ID, NOTEBOOK_CELL.CELL_ID)
                .doUpdate()
                .set(NOTEBOOK_CELL.TYPE, DSL.excluded(NOTEBOOK_CELL.TYPE))
                .set(NOTEBOOK_CELL.LANG, DSL.excluded(NOTEBOOK_CELL.LANG))
                .set(NOTEBOOK_CELL.POS, DSL.excluded(NOTEBOOK_CELL.POS))
                .set(NOTEBOOK_CELL.VER, DSL.excluded(NOTEBOOK_CELL.VER))
                .set(NOTEBOOK_CELL.VER_FLOOR, DSL.excluded(NOTEBOOK_CELL.VER_FLOOR))
                .set(NOTEBOOK_CELL.DELETED, DSL.excluded(NOTEBOOK_CELL.DELETED))
                .set(NOTEBOOK_CELL.SRC, DSL.excluded(NOTEBOOK_CELL.SRC))
                .set(NOTEBOOK_CELL.META, DSL.excluded(NOTEBOOK_CELL.META));
    }

    private static Header header(Record row) {
        return new Header(
                row.get(NOTEBOOK.LANGUAGE),
                row.get(NOTEBOOK.REVISION),
                row.get(NOTEBOOK.CREATED_AT).toInstant(),
                row.get(NOTEBOOK.MODIFIED_AT).toInstant());
    }

    private static Entry entry(Record row) {
        JsonNode meta = Json.read(StoredText.decode(row.get(NOTEBOOK_CELL.META)), JsonNode.class);
        Cell cell = new Cell(
                row.get(NOTEBOOK_CELL.CELL_ID),
                row.get(NOTEBOOK_CELL.TYPE).equals("markdown") ? CellType.MARKDOWN : CellType.CODE,
                row.get(NOTEBOOK_CELL.LANG),
                StoredText.decode(row.get(NOTEBOOK_CELL.SRC)),
                row.get(NOTEBOOK_CELL.VER),
                row.get(NOTEBOOK_CELL.POS),
                OpCodec.fields(meta));
        return new Entry(cell, row.get(NOTEBOOK_CELL.DELETED), row.get(NOTEBOOK_CELL.VER_FLOOR));
    }
}
