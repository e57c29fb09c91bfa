package io.campanile.notebooks.commands;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.notebooks.results.ResultColumn;
import io.campanile.notebooks.results.ResultService;
import io.campanile.notebooks.runs.Run;
import io.campanile.notebooks.runs.RunState;
import io.campanile.notebooks.runs.SessionRuns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an ended command showed, as the one result of the wire: its error, else its last table, its images, its text. */
public final class CommandResults {
    /** Failures that are the kernel's or the driver's, not the code's. */
    private static final Set<String> FROM_OUTSIDE = Set.of("DriverLost", "KernelDied", "KernelNotStarted", "NoKernel");

    private final SessionRuns sessions;
    private final ResultService tables;
    private final CommandLimits limits;

    public CommandResults(SessionRuns sessions, ResultService tables, CommandLimits limits) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.tables = requireNonNull(tables, "tables");
        this.limits = requireNonNull(limits, "limits");
    }

    /**
     * A result as the wire has it; empty while there is none.
     *
     * @param outside it is an error that is not the code's
     */
    record Result(Map<String, Object> wire, boolean outside) {
        static final Result NONE = new Result(Map.of(), false);
    }

    Result of(SessionRuns.Session session, Run run) {
        if (run.state() == RunState.LOST || droppedByItsNode(run)) {
            String why = run.message() == null ? "The cluster stopped before the command ended" : run.message();
            return error(why, why, true);
        }
        if (run.state() != RunState.OK && run.state() != RunState.ERROR) {
            return Result.NONE;
        }
        CommandOutput output = new CommandOutput(sessions.printed(run, limits.resultBytes()));
        if (run.state() == RunState.ERROR) {
            return error(run, output.error());
        }
        Optional<Map<String, Object>> table = output.table().flatMap(id -> table(session, id));
        return new Result(
                table.orElseGet(() -> output.images().isEmpty() ? text(output) : images(output.images())), false);
    }

    /** A node that stops cancels what it runs, though nobody asked for that. */
    private static boolean droppedByItsNode(Run run) {
        return run.state() == RunState.CANCELED && run.epoch() != null && !run.cancelAsked();
    }

    private Result error(Run run, @Nullable JsonNode error) {
        String message = run.message() == null ? "The command failed" : run.message();
        if (error == null) {
            return error(message, message, true);
        }
        String name = error.path("ename").asText();
        String value = error.path("evalue").asText();
        String summary = name.isEmpty() ? value : name + ": " + value;
        StringBuilder cause = new StringBuilder();
        error.path("traceback")
                .forEach(line -> cause.append(cause.isEmpty() ? "" : "\n").append(line.asText()));
        return error(summary, cause.isEmpty() ? summary : cause.toString(), FROM_OUTSIDE.contains(name));
    }

    private Result error(String summary, String cause, boolean outside) {
        return new Result(Map.of("resultType", "error", "summary", cut(summary), "cause", cut(cause)), outside);
    }

    private Optional<Map<String, Object>> table(SessionRuns.Session session, String resultId) {
        return tables.head(
                        session.workspaceId(),
                        session.inPlaceOfNotebook(),
                        resultId,
                        limits.resultRows(),
                        limits.resultBytes())
                .map(head -> {
                    Map<String, Object> wire = new LinkedHashMap<>();
                    wire.put("resultType", "table");
                    wire.put(
                            "schema",
                            head.columns().stream().map(CommandResults::column).toList());
                    wire.put("data", head.rows());
                    wire.put("truncated", head.truncated());
                    // The types are names of Spark SQL, as the API has them beside JSON.
                    wire.put("isJsonSchema", false);
                    wire.put("pos", 0);
                    return wire;
                });
    }

    private static Map<String, Object> column(ResultColumn column) {
        return Map.of("name", column.name(), "type", column.type(), "nullable", column.nullable());
    }

    private Map<String, Object> text(CommandOutput output) {
        String text = output.text();
        boolean truncated = output.cut() || text.length() > limits.resultBytes();
        return Map.of("resultType", "text", "data", cut(text), "truncated", truncated);
    }

    private static Map<String, Object> images(List<String> images) {
        return images.size() == 1
                ? Map.of("resultType", "image", "fileName", images.get(0))
                : Map.of("resultType", "images", "fileNames", images);
    }

    private String cut(String text) {
        return text.length() <= limits.resultBytes() ? text : text.substring(0, limits.resultBytes());
    }
}
