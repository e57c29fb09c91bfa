package io.campanile.kernel.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.cells.CellError;
import io.campanile.kernel.cells.CellFailedException;
import io.campanile.kernel.cells.CellRun;
import io.campanile.kernel.cells.CellSource;
import io.campanile.kernel.cells.ExitRequest;
import io.campanile.kernel.cells.JavaCells;
import io.campanile.kernel.cells.Outcome;
import io.campanile.kernel.output.CellOutput;
import io.campanile.kernel.output.Rendering;
import io.campanile.kernel.spark.Cluster;
import io.campanile.kernel.spark.SparkErrors;
import io.campanile.kernel.wire.Json;
import io.campanile.kernel.wire.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of one execute request, from its text to the content of its reply. */
final class CellExecution {
    private static final Logger LOG = LoggerFactory.getLogger(CellExecution.class);
    private final CellRun run;
    private final JavaCells java;
    private final SqlCells sql;
    private final Cluster cluster;
    private final CellOutput output;
    private final Rendering rendering;
    private final Preamble preamble;
    private int count;

    CellExecution(
            CellRun run,
            JavaCells java,
            SqlCells sql,
            Cluster cluster,
            CellOutput output,
            Rendering rendering,
            Preamble preamble) {
        this.run = run;
        this.java = java;
        this.sql = sql;
        this.cluster = cluster;
        this.output = output;
        this.rendering = rendering;
        this.preamble = preamble;
    }

    int count() {
        return count;
    }

    /** Counts the cell unless it is silent. */
    int next(boolean counted) {
        if (counted) {
            count++;
        }
        return count;
    }

    /** Runs the cell and shows what it shows. */
    ObjectNode execute(Message request, boolean silent) {
        String code = request.content().path("code").asText();
        String language = request.content().path("campanile").path("language").asText("JAVA");
        ObjectNode reply = Json.object();
        run.begin(cluster.work("campanile-" + request.id()));
        try {
            ObjectNode result = evaluate(CellCode.of(code, language));
            if (result != null && !silent) {
                output.result(count, result);
            }
            finish(reply);
        } catch (ExitRequest e) {
            if (!silent) {
                output.result(count, Rendering.text("Notebook exited: " + e.value()));
            }
            finish(reply).putObject("campanile").put("exit_value", output.redacted(e.value()));
        } catch (CellFailedException e) {
            fail(reply, e.error());
        } catch (RuntimeException | LinkageError e) {
            // A fault of the kernel's own, for instance in the compiler: the cell fails, the kernel lives on.
            LOG.error("A cell could not be evaluated: {}", output.redacted(e));
            fail(reply, CellError.of("KernelError", "The cell could not be evaluated: " + e, CellError.Kind.RUNTIME));
        } finally {
            run.end();
            output.flush();
        }
        return reply.put("execution_count", count);
    }

    private @Nullable ObjectNode evaluate(CellCode cell) throws CellFailedException {
        CellSource source = new CellSource(count, cell.text());
        switch (cell.language()) {
            case SQL -> {
                return sql.evaluate(source);
            }
            case MARKDOWN -> {
                output.display(Rendering.markdown(cell.text().strip()));
                return null;
            }
            case JAVA -> {
                preamble.prepare();
                Outcome outcome = java.evaluate(source);
                return outcome.hasValue() ? render(outcome.value()) : null;
            }
        }
        throw new IllegalStateException("Unknown language");
    }

    private ObjectNode render(@Nullable Object value) throws CellFailedException {
        try {
            return run.call(() -> rendering.result(value));
        } catch (ExitRequest e) {
            throw e;
        } catch (Throwable e) {
            if (run.wasInterrupted()) {
                throw new CellFailedException(CellError.interrupted());
            }
            CellError known = SparkErrors.of(e);
            throw new CellFailedException(
                    known != null
                            ? known
                            : CellError.of(
                                    e.getClass().getSimpleName(),
                                    "The value cannot be shown: " + e,
                                    CellError.Kind.RUNTIME));
        }
    }

    private static ObjectNode finish(ObjectNode reply) {
        reply.put("status", "ok").putObject("user_expressions");
        reply.putArray("payload");
        return reply;
    }

    private void fail(ObjectNode reply, CellError error) {
        ObjectNode content = output.content(error);
        output.error(content);
        reply.put("status", "error").setAll(content);
    }
}
