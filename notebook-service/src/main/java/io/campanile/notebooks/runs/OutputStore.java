package io.campanile.notebooks.runs;

import static io.campanile.notebooks.db.Tables.CELL_OUTPUT;
import static io.campanile.notebooks.db.Tables.CELL_RUN;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.json.Json;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL that reads, folds and clears what runs printed. Every statement names the workspace. */
final class OutputStore {
    private static final List<SelectField<?>> FIELDS = List.of(
            CELL_OUTPUT.SEQ, CELL_OUTPUT.KIND, CELL_OUTPUT.AT, CELL_OUTPUT.DATA, CELL_OUTPUT.BYTES, CELL_OUTPUT.LINES);
    /** What a record costs beside its data: bounds the number of records of a page too. */
    private static final int ROW_BYTES = 64;

    private static final long PAGE_BYTES = 1024 * 1024;
    /** Measured for one page: not all that a long run has printed since. */
    private static final int PAGE_RECORDS = 5_000;

    private static final Condition VISIBLE = CELL_OUTPUT.KIND.notIn(Output.STARTED, Output.FINISHED);
    private static final Condition STREAM = CELL_OUTPUT.KIND.eq("stream");

    private final Database database;

    OutputStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** Records left out of an answer. */
    record Elided(long from, long to, long bytes, long lines) {}

    /** What is shown of a run, and what is left out between. */
    record Folded(List<Output> outputs, List<Elided> elided) {}

    /** Everything after a sequence number, in order, page by page: a run may have more than the memory holds. */
    void each(long workspaceId, long runId, long after, Consumer<Output> reader) {
        long last = after;
        List<Output> page = after(workspaceId, runId, last, PAGE_BYTES);
        while (!page.isEmpty()) {
            page.forEach(reader);
            last = page.get(page.size() - 1).seq();
            page = after(workspaceId, runId, last, PAGE_BYTES);
        }
    }

    /** What comes after a sequence number, in order, until {@code bytes} are reached; at least one record, if there is one. */
    List<Output> after(long workspaceId, long runId, long after, long bytes) {
        var next = DSL.select(FIELDS)
                .from(CELL_OUTPUT)
                .where(of(workspaceId, runId, after))
                .and(VISIBLE)
                .orderBy(CELL_OUTPUT.SEQ)
                .limit(PAGE_RECORDS)
                .asTable("cell_output");
        var measured = DSL.select(FIELDS)
                .select(DSL.sum(CELL_OUTPUT.BYTES.plus(ROW_BYTES))
                        .over()
                        .orderBy(CELL_OUTPUT.SEQ)
                        .as("head"))
                .from(next)
                .asTable("cell_output");
        var head = DSL.field(DSL.name("cell_output", "head"), Long.class);
        return database.context()
                .select(FIELDS)
                .from(measured)
                .where(head.minus(CELL_OUTPUT.BYTES).minus(ROW_BYTES).lt(bytes))
                .orderBy(CELL_OUTPUT.SEQ)
                .fetch(OutputStore::output);
    }

    /**
     * Like {@link #after} without limit, with the middle of long printing left out: {@code edge} bytes at each end stay,
     * and what is no printing stays up to {@code othersLimit}, the newest first.
     */
    Folded folded(long workspaceId, long runId, long after, long edge, long othersLimit) {
        var size = DSL.when(STREAM, CELL_OUTPUT.BYTES).otherwise(0);
        var others = DSL.when(STREAM, 0).otherwise(CELL_OUTPUT.BYTES);
        var measured = DSL.select(FIELDS)
                .select(
                        DSL.sum(size).over().orderBy(CELL_OUTPUT.SEQ).as("head"),
                        DSL.sum(size).over().orderBy(CELL_OUTPUT.SEQ.desc()).as("tail"),
                        DSL.sum(others).over().orderBy(CELL_OUTPUT.SEQ.desc()).as("rest"))
                .from(CELL_OUTPUT)
                .where(of(workspaceId, runId, after))
                .and(VISIBLE)
                .asTable("cell_output");
        var head = DSL.field(DSL.name("cell_output", "head"), Long.class);
        var tail = DSL.field(DSL.name("cell_output", "tail"), Long.class);
        var rest = DSL.field(DSL.name("cell_output", "rest"), Long.class);
        Condition kept =
                STREAM.and(head.le(edge).or(tail.le(edge))).or(DSL.not(STREAM).and(rest.le(othersLimit)));
        var data = DSL.when(kept, CELL_OUTPUT.DATA);
        Fold fold = new Fold();
        database.context()
                .select(CELL_OUTPUT.SEQ, CELL_OUTPUT.KIND, CELL_OUTPUT.AT, data, CELL_OUTPUT.BYTES, CELL_OUTPUT.LINES)
                .from(measured)
                .orderBy(CELL_OUTPUT.SEQ)
                .fetch()
                .forEach(row -> fold.add(
                        row.value4() == null
                                ? null
                                : output(
                                        row.value1(),
                                        row.value2(),
                                        row.value3(),
                                        row.value4(),
                                        row.value5(),
                                        row.value6()),
                        row.value1(),
                        row.value5(),
                        row.value6()));
        return fold.end();
    }

    /** Whether anything is kept of the run after this number, and how much. */
    long bytesAfter(long workspaceId, long runId, long after) {
        var sum = database.context()
                .select(DSL.sum(CELL_OUTPUT.BYTES))
                .from(CELL_OUTPUT)
                .where(of(workspaceId, runId, after))
                .and(VISIBLE)
                .fetchSingle()
                .value1();
        return sum == null ? 0 : sum.longValue();
    }

    /** Forgets what these cells printed so far; null = every cell. Runs and what they still print stay. */
    void clear(Caller caller, Lanes.Key key, @Nullable Collection<String> cells) {
        var runs = DSL.select(CELL_RUN.RUN_ID)
                .from(CELL_RUN)
                .where(CELL_RUN.WORKSPACE_ID.eq(key.workspaceId()))
                .and(CELL_RUN.NOTEBOOK_ID.eq(key.notebookId()))
                .and(cells == null ? DSL.noCondition() : CELL_RUN.CELL_ID.in(cells));
        database.transact(tx -> {
            int cleared = tx.deleteFrom(CELL_OUTPUT)
                    .where(CELL_OUTPUT.WORKSPACE_ID.eq(key.workspaceId()))
                    .and(CELL_OUTPUT.RUN_ID.in(runs))
                    .and(VISIBLE)
                    .execute();
            if (cleared > 0) {
                Audit.record(tx, caller, "notebook/" + key.notebookId(), Map.of("records", cleared));
            }
        });
    }

    private static Condition of(long workspaceId, long runId, long after) {
        return CELL_OUTPUT
                .WORKSPACE_ID
                .eq(workspaceId)
                .and(CELL_OUTPUT.RUN_ID.eq(runId))
                .and(CELL_OUTPUT.SEQ.gt(after));
    }

    private static Output output(Record row) {
        return output(
                row.get(CELL_OUTPUT.SEQ),
                row.get(CELL_OUTPUT.KIND),
                row.get(CELL_OUTPUT.AT),
                row.get(CELL_OUTPUT.DATA),
                row.get(CELL_OUTPUT.BYTES),
                row.get(CELL_OUTPUT.LINES));
    }

    private static Output output(long seq, String kind, OffsetDateTime at, String data, int bytes, int lines) {
        return new Output(seq, kind, at.toInstant().toEpochMilli(), Json.read(data, JsonNode.class), bytes, lines);
    }

    /** Collects what stays and measures what does not. */
    private static final class Fold {
        private final List<Output> outputs = new ArrayList<>();
        private final List<Elided> elided = new ArrayList<>();
        private @Nullable Elided open;

        private void add(@Nullable Output kept, long seq, long bytes, long lines) {
            Elided gap = open;
            if (kept != null) {
                end();
                outputs.add(kept);
                return;
            }
            open = gap == null
                    ? new Elided(seq, seq, bytes, lines)
                    : new Elided(gap.from(), seq, gap.bytes() + bytes, gap.lines() + lines);
        }

        private Folded end() {
            if (open != null) {
                elided.add(open);
                open = null;
            }
            return new Folded(outputs, elided);
        }
    }
}
