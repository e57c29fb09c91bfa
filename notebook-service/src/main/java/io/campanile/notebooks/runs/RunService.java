package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.notebooks.documents.Cell;
import io.campanile.notebooks.documents.CellType;
import io.campanile.notebooks.documents.DocumentReader;
import io.campanile.notebooks.documents.NotebookDocument;
import io.campanile.notebooks.kernels.KernelService;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The rules of running cells: what is queued, and how it is canceled. Blocking. */
public final class RunService {
    private static final int LONGEST_ID = 64;

    private final RunStore store;
    private final BatchStore batches;
    private final DocumentReader documents;
    private final KernelService kernels;
    private final Dispatcher dispatcher;
    private final Lanes lanes;
    private final OutputFeed feed;
    private final Limits limits;
    private final Clock clock;

    /**
     * How many runs may wait at once.
     *
     * @param ofNotebook runs of one notebook that may wait at once
     * @param ofUser runs of one person that may wait at once, in all notebooks
     */
    public record Limits(int ofNotebook, int ofUser) {
        public static final Limits DEFAULT = new Limits(1_000, 5_000);
    }

    /** What the service works with. */
    record Parts(RunStore store, BatchStore batches, Dispatcher dispatcher, Lanes lanes, OutputFeed feed) {}

    RunService(Parts parts, DocumentReader documents, KernelService kernels, Limits limits, Clock clock) {
        this.store = parts.store();
        this.batches = parts.batches();
        this.dispatcher = parts.dispatcher();
        this.lanes = parts.lanes();
        this.feed = parts.feed();
        this.documents = requireNonNull(documents, "documents");
        this.kernels = requireNonNull(kernels, "kernels");
        this.limits = requireNonNull(limits, "limits");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Which cells to run: those named, or, by mode, those around {@code cell}. */
    public record Selection(
            List<String> cells,
            @Nullable String mode,
            @Nullable String cell) {}

    /** Queues cells; a request that was made before gets the runs it made then. */
    public List<Run> run(Caller caller, long notebookId, String path, String requestId, Selection selection) {
        if (requestId.isEmpty() || requestId.length() > LONGEST_ID) {
            throw ApiException.invalid("id must have 1 to " + LONGEST_ID + " characters");
        }
        Lanes.Key key = new Lanes.Key(caller.workspaceId(), notebookId);
        NotebookDocument document = documents
                .read(caller.workspaceId(), notebookId)
                .orElseThrow(() -> ApiException.notFound("Notebook " + notebookId + " does not exist"));
        var order = new BatchStore.Order(key, path, document.revision(), requestId, caller.userId(), caller.userName());
        List<BatchStore.Wanted> cells = select(document, selection);
        List<Run> queued = store.database().inTransaction(tx -> enqueue(tx, caller, order, cells));
        queued.stream().filter(run -> run.state() == RunState.QUEUED).forEach(feed::run);
        lanes.wake(key);
        return queued;
    }

    private List<Run> enqueue(DSLContext tx, Caller caller, BatchStore.Order order, List<BatchStore.Wanted> cells) {
        batches.lockQueue(tx, order.key());
        Instant now = clock.instant();
        if (batches.insertBatch(tx, order, now) && !cells.isEmpty()) {
            checkRoom(tx, order, cells.size());
            Map<String, Object> facts = Map.of("request_id", order.requestId(), "cells", cells.size());
            Audit.record(tx, caller.doing("notebooks.run"), resource(order.key().notebookId()), facts);
            return batches.insertRuns(tx, order, cells, now);
        }
        return batches.batch(tx, order.key(), order.requestId());
    }

    private void checkRoom(DSLContext tx, BatchStore.Order order, int more) {
        BatchStore.Waiting waiting = batches.waiting(tx, order.key(), order.userId());
        if (waiting.ofNotebook() + more > limits.ofNotebook()) {
            throw new ApiException(
                    ErrorCode.REQUEST_LIMIT_EXCEEDED,
                    "The queue of this notebook holds at most " + limits.ofNotebook()
                            + " cells; wait until some have run, or cancel them");
        }
        if (waiting.ofUser() + more > limits.ofUser()) {
            throw new ApiException(
                    ErrorCode.REQUEST_LIMIT_EXCEEDED,
                    "At most " + limits.ofUser()
                            + " of your cells may wait at once; wait until some have run, or cancel them");
        }
    }

    private static List<BatchStore.Wanted> select(NotebookDocument document, Selection selection) {
        List<Cell> chosen = selection.mode() == null
                ? named(document, new LinkedHashSet<>(selection.cells()))
                : around(document, selection.mode(), selection.cell());
        List<BatchStore.Wanted> wanted = new ArrayList<>();
        for (Cell cell : chosen) {
            if (cell.type() == CellType.CODE) {
                wanted.add(new BatchStore.Wanted(cell.id(), cell.ver(), document.languageOf(cell), cell.src()));
            }
        }
        return wanted;
    }

    private static List<Cell> named(NotebookDocument document, Set<String> ids) {
        List<Cell> cells = new ArrayList<>();
        for (String id : ids) {
            cells.add(document.cells().get(indexOf(document, id)));
        }
        return cells;
    }

    private static List<Cell> around(NotebookDocument document, String mode, @Nullable String cell) {
        List<Cell> all = document.cells();
        return switch (mode) {
            case "all" -> all;
            case "above" -> all.subList(0, indexOf(document, ApiException.require(cell, "cell")));
            case "below" -> all.subList(indexOf(document, ApiException.require(cell, "cell")), all.size());
            default -> throw ApiException.invalid("mode must be all, above or below");
        };
    }

    private static int indexOf(NotebookDocument document, String id) {
        for (int i = 0; i < document.cells().size(); i++) {
            if (document.cells().get(i).id().equals(id)) {
                return i;
            }
        }
        throw ApiException.notFound("Cell " + id + " is not in this notebook");
    }

    /** Ends one run, or with null everything of the notebook. Happens soon, in order with what is being dispatched. */
    public void cancel(Caller caller, long notebookId, @Nullable Long runId) {
        Lanes.Key key = new Lanes.Key(caller.workspaceId(), notebookId);
        Caller doing = caller.doing("notebooks.cancel");
        lanes.submit(key, () -> cancelNow(doing, key, runId, "Canceled by " + caller.userName()));
    }

    /** Starts the person's kernel anew and cancels everything of the notebook. */
    public void restart(Caller caller, long notebookId) {
        Lanes.Key key = new Lanes.Key(caller.workspaceId(), notebookId);
        lanes.submit(key, () -> {
            cancelNow(null, key, null, "The kernel was restarted by " + caller.userName());
            kernels.restart(caller.doing("notebooks.restart"), notebookId);
        });
    }

    /** The notebook is deleted: its runs end and everything they left goes. */
    public void removed(long workspaceId, long notebookId) {
        Lanes.Key key = new Lanes.Key(workspaceId, notebookId);
        lanes.submit(key, () -> {
            cancelNow(null, key, null, "The notebook was deleted");
            kernels.removed(workspaceId, notebookId);
            store.deleteAll(key);
        });
    }

    /** {@code caller}: whose cancel it is, for the audit log; null when it is only a part of something else. */
    private void cancelNow(@Nullable Caller caller, Lanes.Key key, @Nullable Long runId, String message) {
        Canceled canceled = store.database().inTransaction(tx -> {
            List<Run> waiting = store.cancelWaiting(tx, key, runId, null, message, clock.instant());
            List<Run> running = store.askCancel(tx, key, runId);
            if (caller != null && !(waiting.isEmpty() && running.isEmpty())) {
                Map<String, Object> facts = Map.of("waiting", waiting.size(), "running", running.size());
                Audit.record(tx, caller, resource(key.notebookId()), facts);
            }
            return new Canceled(waiting, running);
        });
        canceled.waiting().forEach(feed::run);
        canceled.running().forEach(dispatcher::sendCancel);
    }

    private record Canceled(List<Run> waiting, List<Run> running) {}

    private static String resource(long notebookId) {
        return "notebook/" + notebookId;
    }
}
