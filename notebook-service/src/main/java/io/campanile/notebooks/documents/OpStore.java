package io.campanile.notebooks.documents;

import static io.campanile.notebooks.db.Tables.NOTEBOOK_OP;
import static io.campanile.notebooks.db.Tables.NOTEBOOK_SNAPSHOT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.documents.DocumentState.Entry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.Records;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The operation log and its snapshots. Append-only; every statement names the workspace. */
final class OpStore {
    /** A row of the log. {@code refusal} is set where the operation keeps a text that was refused. */
    record Logged(
            long revision,
            String cid,
            long seq,
            String actor,
            Instant at,
            Op op,
            @Nullable String refusal) {
        OpEvent event() {
            boolean answers = refusal == null;
            return new OpEvent(revision, answers ? cid : null, answers ? seq : null, actor, at, OpCodec.encode(op));
        }
    }

    /** A row of the log without its content. */
    record Step(
            long revision,
            String actor,
            Instant at,
            String kind,
            @Nullable String cellId) {}

    /** The number a client gave its operation. */
    record ClientKey(String cid, long seq) {}

    void append(DSLContext tx, NotebookKey key, List<Logged> ops) {
        List<Query> queries = new ArrayList<>(ops.size());
        for (Logged logged : ops) {
            Op op = logged.op();
            Long ver = op instanceof Op.Text text ? Long.valueOf(text.ver()) : null;
            queries.add(tx.insertInto(NOTEBOOK_OP)
                    .set(NOTEBOOK_OP.WORKSPACE_ID, key.workspaceId())
                    .set(NOTEBOOK_OP.NOTEBOOK_ID, key.notebookId())
                    .set(NOTEBOOK_OP.REVISION, logged.revision())
                    .set(NOTEBOOK_OP.CID, logged.cid())
                    .set(NOTEBOOK_OP.SEQ, logged.seq())
                    .set(NOTEBOOK_OP.ACTOR, logged.actor())
                    .set(NOTEBOOK_OP.AT, logged.at().atOffset(ZoneOffset.UTC))
                    .set(NOTEBOOK_OP.KIND, OpCodec.kind(op))
                    .set(NOTEBOOK_OP.CELL_ID, op.cellId())
                    .set(NOTEBOOK_OP.VER, ver)
                    .set(NOTEBOOK_OP.REFUSAL, logged.refusal())
                    .set(NOTEBOOK_OP.OP, StoredText.encode(Json.write(OpCodec.encode(op)))));
        }
        if (!queries.isEmpty()) {
            tx.batch(queries).execute();
        }
    }

    /** Which of these have been committed before, and as what. */
    Map<ClientKey, Logged> known(DSLContext tx, NotebookKey key, Collection<ClientKey> asked) {
        Map<ClientKey, Logged> out = new HashMap<>();
        if (asked.isEmpty()) {
            return out;
        }
        var rows = asked.stream()
                .map(one -> DSL.row(one.cid(), Long.valueOf(one.seq())))
                .toList();
        select(tx, key, DSL.row(NOTEBOOK_OP.CID, NOTEBOOK_OP.SEQ).in(rows), Integer.MAX_VALUE)
                .forEach(logged -> out.put(new ClientKey(logged.cid(), logged.seq()), logged));
        return out;
    }

    /** Operations after a revision, in order. */
    List<Logged> after(DSLContext tx, NotebookKey key, long revision, int limit) {
        return select(tx, key, NOTEBOOK_OP.REVISION.gt(revision), limit);
    }

    List<Logged> between(DSLContext tx, NotebookKey key, long after, long upTo) {
        return select(tx, key, NOTEBOOK_OP.REVISION.gt(after).and(NOTEBOOK_OP.REVISION.le(upTo)), Integer.MAX_VALUE);
    }

    /** What happened after a revision, in order. */
    List<Step> steps(DSLContext tx, NotebookKey key, long after, int limit) {
        return tx.select(NOTEBOOK_OP.REVISION, NOTEBOOK_OP.ACTOR, NOTEBOOK_OP.AT, NOTEBOOK_OP.KIND, NOTEBOOK_OP.CELL_ID)
                .from(NOTEBOOK_OP)
                .where(NOTEBOOK_OP.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK_OP.NOTEBOOK_ID.eq(key.notebookId()))
                .and(NOTEBOOK_OP.REVISION.gt(after))
                .orderBy(NOTEBOOK_OP.REVISION)
                .limit(limit)
                .fetch(Records.mapping(
                        (number, actor, at, kind, cell) -> new Step(number, actor, at.toInstant(), kind, cell)));
    }

    /** When a revision was made; empty for the first, which no operation made. */
    Optional<Instant> when(DSLContext tx, NotebookKey key, long revision) {
        return tx.select(NOTEBOOK_OP.AT)
                .from(NOTEBOOK_OP)
                .where(NOTEBOOK_OP.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK_OP.NOTEBOOK_ID.eq(key.notebookId()))
                .and(NOTEBOOK_OP.REVISION.eq(revision))
                .fetchOptional(row -> row.value1().toInstant());
    }

    /** The changes that made versions {@code after + 1 .. upTo} of a cell's text. */
    List<ChangeSet> texts(DSLContext tx, NotebookKey key, String cellId, long after, long upTo) {
        Condition versions = NOTEBOOK_OP
                .CELL_ID
                .eq(cellId)
                .and(NOTEBOOK_OP.KIND.eq("text"))
                .and(NOTEBOOK_OP.VER.gt(after))
                .and(NOTEBOOK_OP.VER.le(upTo));
        List<ChangeSet> out = new ArrayList<>();
        for (Logged logged : select(tx, key, versions, Integer.MAX_VALUE)) {
            if (logged.op() instanceof Op.Text text) {
                out.add(text.changes());
            }
        }
        return out;
    }

    void snapshot(DSLContext tx, NotebookKey key, DocumentState state, Instant now) {
        ArrayNode cells = Json.MAPPER.createArrayNode();
        for (Entry entry : state.entries()) {
            cells.add(OpCodec.encodeCell(entry.cell())
                    .put("deleted", entry.deleted())
                    .put("floor", entry.floor()));
        }
        tx.insertInto(NOTEBOOK_SNAPSHOT)
                .set(NOTEBOOK_SNAPSHOT.WORKSPACE_ID, key.workspaceId())
                .set(NOTEBOOK_SNAPSHOT.NOTEBOOK_ID, key.notebookId())
                .set(NOTEBOOK_SNAPSHOT.REVISION, state.revision())
                .set(NOTEBOOK_SNAPSHOT.AT, now.atOffset(ZoneOffset.UTC))
                .set(NOTEBOOK_SNAPSHOT.LANGUAGE, state.language())
                .set(NOTEBOOK_SNAPSHOT.CELLS, StoredText.encode(Json.write(cells)))
                .onConflictDoNothing()
                .execute();
    }

    /** The notebook as it was at a revision: the snapshot before it and the operations since. */
    Optional<DocumentState> at(DSLContext tx, NotebookKey key, long revision, long newest) {
        if (revision < 0 || revision > newest) {
            return Optional.empty();
        }
        DocumentState state = tx.select(NOTEBOOK_SNAPSHOT.REVISION, NOTEBOOK_SNAPSHOT.LANGUAGE, NOTEBOOK_SNAPSHOT.CELLS)
                .from(NOTEBOOK_SNAPSHOT)
                .where(NOTEBOOK_SNAPSHOT.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK_SNAPSHOT.NOTEBOOK_ID.eq(key.notebookId()))
                .and(NOTEBOOK_SNAPSHOT.REVISION.le(revision))
                .orderBy(NOTEBOOK_SNAPSHOT.REVISION.desc())
                .limit(1)
                .fetchOptional(OpStore::state)
                .orElseThrow(() -> new IllegalStateException("A notebook has no first snapshot"));
        for (Logged logged : between(tx, key, state.revision(), revision)) {
            state.commit(logged.op());
        }
        return Optional.of(state);
    }

    private static DocumentState state(Record row) {
        var state = new DocumentState(row.get(NOTEBOOK_SNAPSHOT.LANGUAGE), row.get(NOTEBOOK_SNAPSHOT.REVISION));
        for (JsonNode cell : Json.read(StoredText.decode(row.get(NOTEBOOK_SNAPSHOT.CELLS)), JsonNode.class)) {
            state.load(new Entry(
                    OpCodec.decodeCell(cell),
                    cell.path("deleted").asBoolean(),
                    cell.path("floor").asLong()));
        }
        return state;
    }

    private static List<Logged> select(DSLContext tx, NotebookKey key, Condition which, int limit) {
        return tx.select(
                        NOTEBOOK_OP.REVISION,
                        NOTEBOOK_OP.CID,
                        NOTEBOOK_OP.SEQ,
                        NOTEBOOK_OP.ACTOR,
                        NOTEBOOK_OP.AT,
                        NOTEBOOK_OP.OP,
                        NOTEBOOK_OP.REFUSAL)
                .from(NOTEBOOK_OP)
                .where(NOTEBOOK_OP.WORKSPACE_ID.eq(key.workspaceId()))
                .and(NOTEBOOK_OP.NOTEBOOK_ID.eq(key.notebookId()))
                .and(which)
                .orderBy(NOTEBOOK_OP.REVISION)
                .limit(limit)
                .fetch(OpStore::logged);
    }

    private static Logged logged(Record row) {
        return new Logged(
                row.get(NOTEBOOK_OP.REVISION),
                row.get(NOTEBOOK_OP.CID),
                row.get(NOTEBOOK_OP.SEQ),
                row.get(NOTEBOOK_OP.ACTOR),
                row.get(NOTEBOOK_OP.AT).toInstant(),
                OpCodec.decodeStored(Json.read(StoredText.decode(row.get(NOTEBOOK_OP.OP)), JsonNode.class)),
                row.get(NOTEBOOK_OP.REFUSAL));
    }
}
