package io.campanile.kernel.spark;

import io.campanile.kernel.capture.CaptureException;
import io.campanile.kernel.cells.CellError;
import io.campanile.kernel.cells.CellError.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.QueryContext;
import org.apache.spark.QueryContextType;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.connect.client.RetriesExceeded;
import org.jspecify.annotations.Nullable;
import org.sparkproject.io.grpc.Status;
import org.sparkproject.io.grpc.StatusRuntimeException;

/** Spark's failures in words: the message of the analysis or of the failed task, without plans, gRPC and stacks. */
public final class SparkErrors {
    private static final Pattern POSITION = Pattern.compile("(?:; line |\\(line )(\\d+),? pos (\\d+)\\)?");
    private static final Pattern TASK_FAILURE =
            Pattern.compile("most recent failure: Lost task \\S+ in stage \\S+ \\(TID \\d+\\) \\([^)]*\\): ([^\\n]*)");
    /** Some failures of the client are Spark exceptions that only quote the gRPC one. */
    private static final Pattern STATUS = Pattern.compile("StatusRuntimeException: ([A-Z_]+): ?([^\\n]*)");

    private static final Pattern NEAR = Pattern.compile("at or near '([^']+)'");

    private static final String CAUSED_BY = "Caused by: ";

    private SparkErrors() {}

    /** Null when the exception is not of Spark's. */
    public static @Nullable CellError of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaptureException) {
                return CellError.of("CaptureError", String.valueOf(cause.getMessage()), Kind.CAPTURE);
            }
        }
        if (thrown instanceof Cluster.NotAttachedException) {
            return CellError.of("NoCluster", String.valueOf(thrown.getMessage()), Kind.SPARK);
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriesExceeded) {
                return grpc(Status.UNAVAILABLE);
            }
            if (!(thrown instanceof SparkThrowable) && cause instanceof StatusRuntimeException failed) {
                return grpc(failed.getStatus());
            }
        }
        Matcher status = STATUS.matcher(String.valueOf(thrown.getMessage()));
        if (status.find()) {
            return grpc(Status.fromCode(Status.Code.valueOf(status.group(1))).withDescription(status.group(2)));
        }
        return thrown instanceof SparkThrowable ? spark(thrown) : null;
    }

    /** Where in the statement the failure lies; -1 when that cannot be told. */
    public static int offset(Throwable thrown, String statement) {
        if (!(thrown instanceof SparkThrowable failure)) {
            return -1;
        }
        for (QueryContext context : failure.getQueryContext()) {
            int start = context.contextType() == QueryContextType.SQL ? context.startIndex() : -1;
            if (start >= 0 && start < statement.length()) {
                return start;
            }
        }
        // The client passes on no position of syntax errors, but the word before which the parser stopped.
        Matcher near = NEAR.matcher(String.valueOf(thrown.getMessage()));
        if (!near.find()) {
            return -1;
        }
        Matcher word = Pattern.compile("(?<!\\w)" + Pattern.quote(near.group(1)) + "(?!\\w)")
                .matcher(statement);
        int found = word.find() ? word.start() : -1;
        return found >= 0 && !word.find() ? found : -1;
    }

    private static CellError grpc(Status status) {
        String message = switch (status.getCode()) {
            case UNAVAILABLE -> "The cluster's driver does not answer; it may be restarting";
            case UNAUTHENTICATED, PERMISSION_DENIED -> "The cluster refused this notebook's credentials";
            case CANCELLED -> "The Spark job was cancelled";
            default ->
                status.getDescription() == null ? "The cluster answered " + status.getCode() : status.getDescription();
        };
        return CellError.of("SparkError", message, Kind.SPARK);
    }

    private static CellError spark(Throwable thrown) {
        String full = String.valueOf(thrown.getMessage());
        String message = failedTask(full, thrown);
        List<String> details = new ArrayList<>();
        if (message == null) {
            message = withoutPlan(full);
        } else {
            details.add(full.lines().findFirst().orElse("").strip());
        }
        return new CellError(name(thrown), message, Kind.SPARK, null, null, List.of(), details);
    }

    private static String name(Throwable thrown) {
        String condition = thrown instanceof SparkThrowable spark ? spark.getCondition() : null;
        return condition == null || condition.isEmpty() ? thrown.getClass().getSimpleName() : condition;
    }

    /** The exception of the user's own code on an executor is what matters, and it stands last. */
    private static @Nullable String failedTask(String full, Throwable thrown) {
        Matcher task = TASK_FAILURE.matcher(full);
        boolean aborted = full.contains("aborted due to stage failure") || full.contains("[FAILED_EXECUTE_UDF]");
        if (!aborted) {
            return null;
        }
        String last = full.lines()
                .filter(line -> line.startsWith(CAUSED_BY))
                .reduce((first, second) -> second)
                .map(line -> line.substring(CAUSED_BY.length()))
                .orElse(null);
        if (last == null) {
            last = deepestCause(thrown);
        }
        if (last == null && task.find()) {
            last = task.group(1);
        }
        return last == null ? null : "On the cluster: " + last;
    }

    private static @Nullable String deepestCause(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == thrown || cause instanceof StatusRuntimeException ? null : cause.getMessage();
    }

    private static String withoutPlan(String full) {
        Matcher position = POSITION.matcher(full);
        int end = full.length();
        if (position.find()) {
            end = position.end();
        } else if (full.indexOf(";\n") > 0) {
            end = full.indexOf(";\n");
        }
        int sql = full.indexOf("\n\n== SQL");
        int stack = full.indexOf("\n\nJVM stacktrace:");
        end = sql > 0 ? Math.min(end, sql) : end;
        end = stack > 0 ? Math.min(end, stack) : end;
        return full.substring(0, end).strip();
    }
}
