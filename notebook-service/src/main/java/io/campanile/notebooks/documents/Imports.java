package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Intake;
import io.campanile.common.concurrent.Turns;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.http.SpooledBody;
import io.campanile.common.json.JsonStream;
import io.campanile.common.spool.Spool;
import io.campanile.notebooks.documents.OutputsOfCells.CellOutputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whole notebooks in and out, as the workspace service asks for them. Blocking. */
public final class Imports {
    private static final String TITLE = "title";
    private static final String BUSY = "Too many large notebooks are being imported or exported; try again";
    /** One of each person, two of a workspace: the largest cell of each is in memory. */
    private static final int LARGE_AT_ONCE = 3;
    /** What the text of notebooks that are imported may have of the heap: it is there as cells, as JSON and as rows. */
    private static final long SHARE = 16;

    private final Documents documents;
    private final OutputsOfCells outputs;
    private final Turns large = new Turns(LARGE_AT_ONCE, BUSY);
    private final Intake texts = new Intake(Runtime.getRuntime().maxMemory() / SHARE);

    public Imports(Documents documents, OutputsOfCells outputs) {
        this.documents = requireNonNull(documents, "documents");
        this.outputs = requireNonNull(outputs, "outputs");
    }

    /** Makes the notebook what is given; the old content stays in the log. Answers the revision. */
    long put(Caller caller, long notebookId, NotebookBody body) {
        if (body.bytes() <= SpooledBody.LARGE) {
            return put(caller, notebookId, body.read(), body);
        }
        return large.take(caller, () -> {
            NotebookBody.Head head = body.read();
            // Whoever has much text needs memory for it several times over; a very large one waits for its own turn.
            Intake.Share memory = texts.share();
            if (!memory.take(head.units())) {
                throw busy();
            }
            try {
                return put(caller, notebookId, head, body);
            } finally {
                memory.release();
            }
        });
    }

    private long put(Caller caller, long notebookId, NotebookBody.Head head, NotebookBody body) {
        String checked = OpCodec.notebookLanguage(head.language(), "language");
        List<String> ids = new ArrayList<>();
        List<Cell> cells = prepare(head.cells(), checked, ids);
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        return Documents.await(
                documents.work(key, new Work<Long>() {
                    @Override
                    public Long run(Batch batch) {
                        return put(batch, key, caller, checked, cells, brought(body, head, ids), head.replace());
                    }

                    @Override
                    public String creates() {
                        return checked;
                    }
                }),
                body.bytes());
    }

    /** Read again, within the transaction: none of it is in memory longer than it takes to write it. */
    private static OutputsOfCells.@Nullable Brought brought(
            NotebookBody body, NotebookBody.Head head, List<String> ids) {
        return head.outputs()
                ? consumer -> body.outputs((index, outputs) -> consumer.accept(ids.get(index), outputs))
                : null;
    }

    static ApiException busy() {
        return new ApiException(
                ErrorCode.TEMPORARILY_UNAVAILABLE, BUSY, List.of(Map.of("retry_after_seconds", 2)), null);
    }

    private long put(
            Batch batch,
            NotebookKey key,
            Caller caller,
            String language,
            List<Cell> cells,
            OutputsOfCells.@Nullable Brought brought,
            boolean replace) {
        DocumentState state = batch.state();
        List<Cell> there = state.liveInOrder();
        if (state.language().equals(language) && same(there, cells)) {
            return state.revision();
        }
        if (!replace && !there.isEmpty()) {
            throw new ApiException(
                    ErrorCode.RESOURCE_ALREADY_EXISTS, "Notebook " + key.notebookId() + " has another content");
        }
        batch.server(caller.userName(), new Op.Replace(cells));
        if (!state.language().equals(language)) {
            batch.server(caller.userName(), new Op.Language(language));
        }
        Audit.record(
                batch.transaction(),
                caller,
                "notebook/" + key.notebookId(),
                Map.of("cells", cells.size(), "revision", state.revision()));
        if (brought != null) {
            outputs.imported(batch.transaction(), key.workspaceId(), key.notebookId(), state.revision(), brought);
        }
        return state.revision();
    }

    /** Fills {@code ids} with that of each cell. */
    private static List<Cell> prepare(List<PlainCell> wanted, String language, List<String> ids) {
        List<String> positions = Positions.spread(wanted.size());
        List<Cell> cells = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < wanted.size(); i++) {
            PlainCell plain = wanted.get(i);
            String id = plain.id();
            if (id == null || !Limits.ID.matcher(id).matches() || !taken.add(id)) {
                id = UUID.randomUUID().toString();
            }
            Map<String, JsonNode> meta =
                    plain.title() == null ? Map.of() : Map.of(TITLE, TextNode.valueOf(plain.title()));
            cells.add(new Cell(id, plain.type(), own(plain, language, i), plain.source(), 0, positions.get(i), meta));
            ids.add(id);
        }
        return cells;
    }

    /** The language of a cell where it differs from the notebook's. */
    private static @Nullable String own(PlainCell plain, String language, int index) {
        String given = plain.language();
        if (given == null || given.equals(language) || plain.type() == CellType.MARKDOWN) {
            return null;
        }
        if (!Limits.CELL_LANGUAGES.contains(given)) {
            throw ApiException.invalid("Field cells[" + index + "].language is no language of cells");
        }
        return given;
    }

    private static boolean same(List<Cell> there, List<Cell> wanted) {
        if (there.size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < there.size(); i++) {
            Cell a = there.get(i);
            Cell b = wanted.get(i);
            if (a.type() != b.type()
                    || !Objects.equals(a.lang(), b.lang())
                    || !a.src().equals(b.src())
                    || !Objects.equals(a.meta().get(TITLE), b.meta().get(TITLE))) {
                return false;
            }
        }
        return true;
    }

    /** The newest revision for an export, written to {@code document}. */
    void export(Caller caller, NotebookDocument document, boolean withOutputs, Spool spool) {
        OutputsOfCells.@Nullable Known known =
                withOutputs ? outputs.outputsOf(document.workspaceId(), document.notebookId()) : null;
        if (known == null || known.bytes() <= SpooledBody.LARGE) {
            write(document, known, spool);
        } else {
            large.take(caller, () -> write(document, known, spool));
        }
    }

    private static boolean write(NotebookDocument document, OutputsOfCells.@Nullable Known known, Spool spool) {
        try (JsonGenerator json = JsonStream.to(spool.out())) {
            json.writeStartObject();
            json.writeStringField("language", document.language());
            json.writeNumberField("revision", document.revision());
            json.writeNumberField("modified_at", document.modifiedAt().toEpochMilli());
            json.writeArrayFieldStart("cells");
            for (Cell cell : document.cells()) {
                JsonStream.write(json, plain(document, cell, known == null ? null : known.of(cell.id())));
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw NotebookBody.unavailable(e);
        }
        return true;
    }

    private static PlainCell plain(NotebookDocument document, Cell cell, @Nullable CellOutputs shown) {
        JsonNode title = cell.meta().get(TITLE);
        return new PlainCell(
                cell.id(),
                cell.type(),
                cell.type() == CellType.MARKDOWN ? "MARKDOWN" : document.languageOf(cell),
                cell.src(),
                title == null ? null : title.asText(),
                shown == null ? null : shown.outputs(),
                shown == null ? null : shown.executionCount());
    }

    void language(Caller caller, long notebookId, String language) {
        Op op = new Op.Language(OpCodec.notebookLanguage(language, "language"));
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        Documents.await(documents.work(key, batch -> {
            if (!batch.state().language().equals(language)) {
                batch.server(caller.userName(), op);
            }
            return true;
        }));
    }

    /** Deletes the notebook and stops what runs on it; harmless when repeated. */
    void delete(Caller caller, long notebookId) {
        documents.delete(caller.workspaceId(), notebookId);
        outputs.removed(caller.workspaceId(), notebookId);
    }
}
