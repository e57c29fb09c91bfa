package io.campanile.kernel.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.cells.CellError;
import io.campanile.kernel.cells.StopCheck;
import io.campanile.kernel.secrets.RedactedText;
import io.campanile.kernel.secrets.Redaction;
import io.campanile.kernel.wire.Iopub;
import io.campanile.kernel.wire.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.spark.connect.proto.ExecutePlanResponse.ExecutionProgress;

/** Everything a cell shows, in the order in which it was shown. */
public final class CellOutput {
    private final Iopub iopub;
    private final PrintedText printed;
    private final RedactedText redacted;
    private final Redaction redaction;
    private volatile ObjectNode parent = Json.object();
    private volatile long startedAt = System.nanoTime();

    public CellOutput(Iopub iopub, Redaction redaction) {
        this.iopub = iopub;
        this.redaction = redaction;
        redacted = new RedactedText(redaction, this::stream);
        printed = new PrintedText(redacted::print);
    }

    /** Takes over System.out and System.err for the life of the process. */
    public void captureStandardStreams() {
        printed.start();
        System.setOut(printed.stream("stdout"));
        System.setErr(printed.stream("stderr"));
    }

    /** What follows belongs to this request; threads of an earlier cell that still print come under it as well. */
    public void begin(ObjectNode requestHeader) {
        flush();
        parent = requestHeader;
        startedAt = System.nanoTime();
    }

    public void flush() {
        printed.flush();
        redacted.flush();
    }

    public void display(ObjectNode data) {
        flush();
        publish("display_data", bundle(data));
    }

    public void result(int count, ObjectNode data) {
        flush();
        iopub.publishSurely("execute_result", parent, bundle(data).put("execution_count", count));
    }

    public void error(ObjectNode content) {
        flush();
        iopub.publishSurely("error", parent, content);
    }

    /** The content of an error message and of the reply that goes with it. */
    public ObjectNode content(CellError error) {
        String message = redaction.of(error.message());
        ObjectNode content = Json.object().put("ename", error.name()).put("evalue", message);
        ArrayNode traceback = content.putArray("traceback");
        traceback.add(error.name() + ": " + message);
        error.details().forEach(detail -> traceback.add(redaction.of(detail)));
        ObjectNode ours = content.putObject("campanile")
                .put("message", message)
                .put("kind", error.kind().name().toLowerCase(Locale.ROOT));
        if (error.line() != null) {
            ours.put("cell_line", error.line());
        }
        if (error.column() != null) {
            ours.put("cell_column", error.column());
        }
        ArrayNode frames = ours.putArray("frames");
        for (CellError.Frame frame : error.frames()) {
            ObjectNode node =
                    frames.addObject().put("text", redaction.of(frame.text())).put("library", frame.library());
            if (frame.line() != null) {
                node.put("line", frame.line());
            }
            if (!frame.library()) {
                traceback.add("  at " + redaction.of(frame.text()));
            }
        }
        return content;
    }

    /** A value that leaves the kernel in another way than as an output. */
    public String redacted(String value) {
        return redaction.of(value);
    }

    /** A failure with its stack, for the kernel's own log. */
    public String redacted(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return redaction.of(text.toString());
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

    /** The table's own MIME type was redacted as it was written, and names a file. */
    private ObjectNode bundle(ObjectNode data) {
        ObjectNode content = Json.object();
        ObjectNode shown = content.putObject("data");
        data.properties()
                .forEach(mime -> shown.set(
                        mime.getKey(),
                        mime.getKey().equals(ResultWriter.MIME) ? mime.getValue() : redaction.of(mime.getValue())));
        content.putObject("metadata");
        content.putObject("transient");
        return content;
    }
}
