package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import io.campanile.notebooks.access.ObjectAccess;
import io.campanile.notebooks.live.SnapshotPart;
import java.util.List;
import java.util.Map;

/** Runs and outputs as a tab needs them when it opens or comes back. */
final class RunSnapshot implements SnapshotPart {
    static final long WHOLE_BYTES = 256 * 1024;
    static final long EDGE_BYTES = 64 * 1024;
    private static final long OTHERS_BYTES = 8L * 1024 * 1024;
    /** Of all runs together: a frame is in memory several times here, on its way, and in the browser. */
    static final long FRAME_BYTES = 8L * 1024 * 1024;

    private final RunStore runs;
    private final OutputStore outputs;

    RunSnapshot(RunStore runs, OutputStore outputs) {
        this.runs = requireNonNull(runs, "runs");
        this.outputs = requireNonNull(outputs, "outputs");
    }

    @Override
    public void contribute(
            Caller caller, ObjectAccess notebook, Map<Long, Long> seen, boolean resume, ObjectNode frame) {
        Lanes.Key key = new Lanes.Key(caller.workspaceId(), notebook.objectId());
        ArrayNode shown = frame.putArray("runs");
        ObjectNode printed = frame.putObject("outputs");
        int waiting = 0;
        long room = FRAME_BYTES;
        for (Run run : runs.shown(key)) {
            ObjectNode wire = run.wire();
            if (run.state() == RunState.QUEUED) {
                waiting++;
                wire.put("position", waiting);
            }
            shown.add(wire);
            long after = seen.getOrDefault(run.runId(), 0L);
            if (run.lastSeq() > after) {
                // What was seen before counts too: only its whole is known without looking.
                long bytes = Math.min(run.outputBytes(), OTHERS_BYTES);
                ArrayNode items = bytes <= room ? items(run, after) : leftOut(run, after);
                room -= bytes <= room ? bytes : 0;
                if (!items.isEmpty()) {
                    printed.set(Long.toString(run.runId()), items);
                }
            }
        }
    }

    /** One record in the place of all: the page says so. */
    private static ArrayNode leftOut(Run run, long after) {
        ArrayNode items = Json.MAPPER.createArrayNode();
        items.add(elided(new OutputStore.Elided(after + 1, run.lastSeq(), run.outputBytes(), 0)));
        return items;
    }

    /** The outputs after a number, with the middle of a long run folded. */
    ArrayNode items(Run run, long after) {
        ArrayNode items = Json.MAPPER.createArrayNode();
        long bytes = run.outputBytes() <= WHOLE_BYTES
                ? run.outputBytes()
                : outputs.bytesAfter(run.workspaceId(), run.runId(), after);
        if (bytes <= WHOLE_BYTES) {
            outputs.each(run.workspaceId(), run.runId(), after, output -> items.add(output.wire()));
            return items;
        }
        OutputStore.Folded folded = outputs.folded(run.workspaceId(), run.runId(), after, EDGE_BYTES, OTHERS_BYTES);
        merge(folded.outputs(), folded.elided(), items);
        return items;
    }

    private static void merge(List<Output> kept, List<OutputStore.Elided> gaps, ArrayNode items) {
        int next = 0;
        for (Output output : kept) {
            while (next < gaps.size() && gaps.get(next).from() < output.seq()) {
                items.add(elided(gaps.get(next++)));
            }
            items.add(output.wire());
        }
        while (next < gaps.size()) {
            items.add(elided(gaps.get(next++)));
        }
    }

    private static ObjectNode elided(OutputStore.Elided gap) {
        return Json.MAPPER
                .createObjectNode()
                .put("n", gap.to())
                .put("kind", "elided")
                .put("from", gap.from())
                .put("to", gap.to())
                .put("bytes", gap.bytes())
                .put("lines", gap.lines());
    }
}
