package io.campanile.kernel.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.cells.CellError;
import io.campanile.kernel.cells.StopCheck;
import io.campanile.kernel.wire.Iopub;
import io.campanile.kernel.wire.Json;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.spark.connect.proto.ExecutePlanResponse.ExecutionProgress;

/** Everything a cell shows, in the order in which it was shown. */
public final class CellOutput {
    private final Iopub iopub;
    private final PrintedText printed;
    private volatile ObjectNode parent = Json.object();
    private volatile long startedAt = System.nanoTime();

    public CellOutput(Iopub iopub) {
        this.iopub = iopub;
        printed = new PrintedText(this::stream);
    }

    /** Takes over System.out and System.err for the life of the process. */
    public void captureStandardStreams() {
        printed.start();
        System.setOut(printed.stream("stdout"));
        System.setErr(printed.stream("stderr"));
    }

    /** What follows belongs to this request; threads of an earlier cell that still print come under it as well. */
    public void begin(ObjectNode requestHeader) {
        printed.flush();
        parent = requestHeader;
        startedAt = System.nanoTime();
    }

    public void flush() {
        printed.flush();
    }

    public void display(ObjectNode data) {
        printed.flush();
        publish("display_data", bundle(data));
    }

    public void result(int count, ObjectNode data) {
        printed.flush();
        iopub.publishSurely("execute_result", parent, bundle(data).put("execution_count", count));
    }

    public void error(ObjectNode content) {
        printed.flush();
        iopub.publishSurely("error", parent, content);
    }

    /** The content of an error message and of the reply that goes with it. */
    public static ObjectNode content(CellError error) {
        ObjectNode content = Json.object().put("ename", error.name()).put("evalue", error.message());
        ArrayNode traceback = content.putArray("traceback");
        traceback.add(error.name() + ": " + error.message());
        error.details().forEach(traceback::add);
        ObjectNode ours = content.putObject("campanile")
                .put("message", error.message())
                .put("kind", error.kind().name().toLowerCase(Locale.ROOT));
        if (error.line() != null) {
            ours.put("cell_line", error.line());
        }
        if (error.column() != null) {
            ours.put("cell_column", error.column());
        }
        ArrayNode frames = ours.putArray("frames");
        for (CellError.Frame frame : error.frames()) {
            ObjectNode node = frames.addObject().put("text", frame.text()).put("library", frame.library());
            if (frame.line() != null) {
                node.put("line", frame.line());
            }
            if (!frame.library()) {
                traceback.add("  at " + frame.text());
            }
        }
        return content;
    }

    /** Progress of Spark; dropped silently by nobody but the agent. */
    public void progress(ExecutionProgress progress) {
        ObjectNode content = Json.object().put("run", parent.path("msg_id").asText());
        ArrayNode stages = content.putArray("stages");
        long tasks = 0;
        long completed = 0;
        for (ExecutionProgress.StageInfo stage : progress.getStagesList()) {
            stages.addObject()
                    .put("id", stage.getStageId())
                    .put("tasks", stage.getNumTasks())
                    .put("completed", stage.getNumCompletedTasks())
                    .put("bytes", stage.getInputBytesRead());
            tasks += stage.getNumTasks();
            completed += stage.getNumCompletedTasks();
        }
        content.put("tasks", tasks)
                .put("completed", completed)
                .put("running", progress.getNumInflightTasks())
                .put("elapsed_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt));
        iopub.publishSurely("campanile_progress", parent, content);
    }

    private void stream(String name, String text) {
        publish("stream", Json.object().put("name", name).put("text", text));
    }

    private void publish(String type, ObjectNode content) {
        try {
            iopub.publish(type, parent, content);
        } catch (InterruptedException e) {
            // Only the code of a cell waits here, and only its interruption wakes it.
            Thread.currentThread().interrupt();
            StopCheck.check();
        }
    }

    private static ObjectNode bundle(ObjectNode data) {
        ObjectNode content = Json.object();
        content.set("data", data);
        content.putObject("metadata");
        content.putObject("transient");
        return content;
    }
}
