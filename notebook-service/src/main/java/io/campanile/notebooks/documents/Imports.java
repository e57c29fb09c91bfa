package io.campanile.notebooks.documents;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import io.campanile.notebooks.documents.OutputsOfCells.CellOutputs;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whole notebooks in and out, as the workspace service asks for them. Blocking. */
public final class Imports {
    private static final String TITLE = "title";
    private final Documents documents;
    private final OutputsOfCells outputs;

    public Imports(Documents documents, OutputsOfCells outputs) {
        this.documents = requireNonNull(documents, "documents");
        this.outputs = requireNonNull(outputs, "outputs");
    }

    /** A cell as it is imported and exported; {@code language} is never null on export. */
    record PlainCell(
            @Nullable String id,
            CellType type,
            @Nullable String language,
            String source,
            @Nullable String title,
            @Nullable ArrayNode outputs,
            @Nullable Integer executionCount) {
        PlainCell {
            ApiException.require(type, "cells.type");
            ApiException.require(source, "cells.source");
        }
    }

    /** Makes the notebook what is given; the old content stays in the log. Answers the revision. */
    long put(Caller caller, long notebookId, String language, List<PlainCell> wanted, boolean replace) {
        String checked = OpCodec.notebookLanguage(language, "language");
        List<Cell> cells = new ArrayList<>();
        Map<String, CellOutputs> brought = new LinkedHashMap<>();
        prepare(wanted, checked, cells, brought);
        NotebookKey key = new NotebookKey(caller.workspaceId(), notebookId);
        return Documents.await(documents.work(key, new Work<Long>() {
            @Override
            public Long run(Batch batch) {
                return put(batch, key, caller, checked, cells, brought, replace);
            }

            @Override
            public String creates() {
                return checked;
            }
        }));
    }

    private long put(
            Batch batch,
            NotebookKey key,
            Caller caller,
            String language,
            List<Cell> cells,
            Map<String, CellOutputs> brought,
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
        if (!brought.isEmpty()) {
            outputs.imported(batch.transaction(), key.workspaceId(), key.notebookId(), state.revision(), brought);
        }
        return state.revision();
    }

    private static void prepare(
            List<PlainCell> wanted, String language, List<Cell> cells, Map<String, CellOutputs> brought) {
        List<String> positions = Positions.spread(wanted.size());
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < wanted.size(); i++) {
            PlainCell plain = wanted.get(i);
            String id = plain.id();
            if (id == null || !Limits.ID.matcher(id).matches() || !ids.add(id)) {
                id = UUID.randomUUID().toString();
            }
            Map<String, JsonNode> meta =
                    plain.title() == null ? Map.of() : Map.of(TITLE, TextNode.valueOf(plain.title()));
            cells.add(new Cell(id, plain.type(), own(plain, language, i), plain.source(), 0, positions.get(i), meta));
            if (plain.outputs() != null && !plain.outputs().isEmpty()) {
                brought.put(id, new CellOutputs(plain.outputs(), plain.executionCount()));
            }
        }
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

    /** The newest revision for an export. */
    List<PlainCell> export(NotebookDocument document, boolean withOutputs) {
        Map<String, CellOutputs> known =
                withOutputs ? outputs.outputsOf(document.workspaceId(), document.notebookId()) : Map.of();
        List<PlainCell> out = new ArrayList<>();
        for (Cell cell : document.cells()) {
            CellOutputs shown = known.get(cell.id());
            JsonNode title = cell.meta().get(TITLE);
            out.add(new PlainCell(
                    cell.id(),
                    cell.type(),
                    cell.type() == CellType.MARKDOWN ? "MARKDOWN" : document.languageOf(cell),
                    cell.src(),
                    title == null ? null : title.asText(),
                    shown == null ? null : shown.outputs(),
                    shown == null ? null : shown.executionCount()));
        }
        return out;
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
