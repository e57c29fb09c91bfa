package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import io.campanile.notebooks.compute.AttachmentStore;
import io.campanile.notebooks.documents.OutputsOfCells;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Outputs for export, from import, and their end with their notebook. */
final class NotebookOutputs implements OutputsOfCells {
    private final RunStore runs;
    private final OutputStore outputs;
    private final RecordStore records;
    private final RunService service;
    private final AttachmentStore attachments;
    private final Clock clock;

    NotebookOutputs(
            RunStore runs,
            OutputStore outputs,
            RecordStore records,
            RunService service,
            AttachmentStore attachments,
            Clock clock) {
        this.runs = requireNonNull(runs, "runs");
        this.outputs = requireNonNull(outputs, "outputs");
        this.records = requireNonNull(records, "records");
        this.service = requireNonNull(service, "service");
        this.attachments = requireNonNull(attachments, "attachments");
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public Known outputsOf(long workspaceId, long notebookId) {
        Map<String, Run> byCell = new HashMap<>();
        for (Run run : runs.shown(new Lanes.Key(workspaceId, notebookId))) {
            if (run.state() != RunState.QUEUED) {
                byCell.put(run.cellId(), run);
            }
        }
        return new Known() {
            @Override
            public long bytes() {
                return byCell.values().stream().mapToLong(Run::outputBytes).sum();
            }

            @Override
            public @Nullable CellOutputs of(String cellId) {
                Run run = byCell.get(cellId);
                if (run == null) {
                    return null;
                }
                Nbformat.Writing written = new Nbformat.Writing(run.count());
                outputs.each(workspaceId, run.runId(), 0, written::add);
                Integer count = run.count() == null ? null : Math.toIntExact(run.count());
                return new CellOutputs(written.end(), count);
            }
        };
    }

    @Override
    public void imported(DSLContext tx, long workspaceId, long notebookId, long revision, Brought imported) {
        Lanes.Key key = new Lanes.Key(workspaceId, notebookId);
        Instant now = clock.instant();
        imported.each((cellId, brought) -> {
            List<Output> printed = Nbformat.read(brought.outputs(), now.toEpochMilli());
            Integer count = brought.executionCount();
            if (printed.isEmpty() && count == null) {
                return;
            }
            var row = new RunStore.Imported(
                    revision,
                    0,
                    printed.stream().anyMatch(output -> output.kind().equals("error")),
                    count == null ? null : Long.valueOf(count),
                    printed.size(),
                    printed.stream().mapToLong(Output::bytes).sum());
            Run run = runs.insertImported(tx, key, cellId, row, now);
            if (!printed.isEmpty()) {
                records.insert(tx, run, printed);
            }
        });
    }

    @Override
    public void removed(long workspaceId, long notebookId) {
        service.removed(workspaceId, notebookId);
        attachments.deleteAll(workspaceId, notebookId);
    }
}
