package io.campanile.notebooks.live;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.notebooks.access.ObjectAccess;
import io.campanile.notebooks.documents.Documents;
import io.campanile.notebooks.documents.NotebookDocument;
import io.campanile.notebooks.documents.OpEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts together what a tab is shown first. Blocking. */
public final class Snapshots {
    /** One frame brings all of it, and frames of the gateway have at most 16 MB; a browser is slow long before. */
    static final long MOST_TEXT = 7L * 1024 * 1024;

    private final Documents documents;
    private final List<SnapshotPart> others;

    public Snapshots(Documents documents, List<SnapshotPart> others) {
        this.documents = requireNonNull(documents, "documents");
        this.others = List.copyOf(others);
    }

    /** A frame and the revision it shows. */
    record View(ObjectNode frame, long revision) {}

    View snapshot(Caller caller, ObjectAccess access) {
        long text = documents.textBytes(caller.workspaceId(), access.objectId());
        if (text > MOST_TEXT) {
            throw new ApiException(
                    ErrorCode.MAX_NOTEBOOK_SIZE_EXCEEDED,
                    "The cells of this notebook have " + text + " bytes of text; a page shows at most " + MOST_TEXT);
        }
        NotebookDocument document = documents.open(caller.workspaceId(), access.objectId(), access.language());
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "snapshot").put("rev", document.revision());
        frame.put("name", access.name()).put("path", access.path()).put("language", document.language());
        frame.put("permission", access.permission().name());
        ArrayNode cells = frame.putArray("cells");
        document.cells().forEach(cell -> cells.add(cell.json()));
        others.forEach(part -> part.contribute(caller, access, Map.of(), false, frame));
        return new View(frame, document.revision());
    }

    /** Only what is newer than {@code revision} and {@code seen}; the whole when that is not known here. */
    View resume(Caller caller, ObjectAccess access, long revision, Map<Long, Long> seen) {
        Optional<List<OpEvent>> missed =
                revision == 0 ? Optional.empty() : documents.since(caller.workspaceId(), access.objectId(), revision);
        if (missed.isEmpty()) {
            return snapshot(caller, access);
        }
        List<OpEvent> events = missed.get();
        long newest =
                events.isEmpty() ? revision : events.get(events.size() - 1).rev();
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "resume").put("rev", newest);
        ArrayNode ops = frame.putArray("ops");
        events.forEach(event -> ops.add(event.json()));
        others.forEach(part -> part.contribute(caller, access, seen, true, frame));
        return new View(frame, newest);
    }
}
