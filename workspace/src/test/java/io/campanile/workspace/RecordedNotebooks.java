package io.campanile.workspace;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.workspace.blobs.BlobErrors;
import io.campanile.workspace.formats.Cell;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.campanile.workspace.formats.NotebookSink;
import io.campanile.workspace.formats.NotebookSource;
import io.campanile.workspace.notebooks.NotebookClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Documents in memory, with the rules of the notebook service; can be made to be away. */
public final class RecordedNotebooks implements NotebookClient {
    public final Map<String, Notebook> documents = new ConcurrentHashMap<>();
    public volatile boolean away;
    /** Away after so many more documents were put; never while negative. */
    public volatile int awayAfter = -1;

    public static String key(long workspaceId, long objectId) {
        return workspaceId + "/" + objectId;
    }

    @Override
    public void put(Caller caller, long objectId, NotebookSource source, boolean replace) {
        available();
        Notebook notebook = whole(source);
        if (awayAfter == 0) {
            throw gone();
        }
        awayAfter = Math.max(-1, awayAfter - 1);
        Notebook there = documents.putIfAbsent(key(caller.workspaceId(), objectId), notebook);
        if (there == null || there.equals(notebook)) {
            return;
        }
        if (!replace) {
            throw new ApiException(ErrorCode.RESOURCE_ALREADY_EXISTS, "Another document is there");
        }
        documents.put(key(caller.workspaceId(), objectId), notebook);
    }

    @Override
    public <R> R read(Caller caller, long objectId, boolean outputs, Reading<R> reading) {
        available();
        Notebook there = documents.get(key(caller.workspaceId(), objectId));
        if (there == null) {
            throw ApiException.notFound("Notebook " + objectId + " does not exist.");
        }
        return BlobErrors.guard(() -> reading.read(new Recorded(there)));
    }

    private static Notebook whole(NotebookSource source) {
        List<Cell> cells = new ArrayList<>();
        BlobErrors.guard(() -> {
            source.each(cells::add);
            return true;
        });
        return new Notebook(source.language(), cells);
    }

    private record Recorded(Notebook whole) implements Document {
        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void sendTo(NotebookSink sink) throws IOException {
            whole.sendTo(sink);
        }
    }

    @Override
    public void delete(Caller caller, long objectId) {
        available();
        documents.remove(key(caller.workspaceId(), objectId));
    }

    @Override
    public void setLanguage(Caller caller, long objectId, Language language) {
        available();
        documents.computeIfPresent(
                key(caller.workspaceId(), objectId), (key, notebook) -> new Notebook(language, notebook.cells()));
    }

    private void available() {
        if (away) {
            throw gone();
        }
    }

    private static ApiException gone() {
        return new ApiException(ErrorCode.TEMPORARILY_UNAVAILABLE, "The notebook service is away");
    }
}
