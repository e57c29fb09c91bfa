package io.campanile.kernel.shell;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.cells.CellError;
import io.campanile.kernel.cells.CellFailedException;
import io.campanile.kernel.cells.CellRun;
import io.campanile.kernel.cells.CellSource;
import io.campanile.kernel.output.Rendering;
import io.campanile.kernel.spark.Cluster;
import io.campanile.kernel.spark.SparkErrors;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Runs SQL cells in the same session as the Java cells. */
final class SqlCells {
    private final Cluster cluster;
    private final CellRun run;
    private final Rendering rendering;

    SqlCells(Cluster cluster, CellRun run, Rendering rendering) {
        this.cluster = cluster;
        this.run = run;
        this.rendering = rendering;
    }

    /** The result of the last statement; null when the cell has none. */
    @Nullable
    ObjectNode evaluate(CellSource source) throws CellFailedException {
        List<SqlScript.Statement> statements = SqlScript.split(source.text());
        ObjectNode result = null;
        for (int i = 0; i < statements.size(); i++) {
            boolean last = i == statements.size() - 1;
            result = statement(statements.get(i), last, source);
        }
        return result;
    }

    private @Nullable ObjectNode statement(SqlScript.Statement statement, boolean last, CellSource source)
            throws CellFailedException {
        try {
            return run.call(() -> {
                Dataset<Row> rows = cluster.session().sql(statement.text());
                return last ? rendering.result(rows) : null;
            });
        } catch (Throwable e) {
            throw new CellFailedException(error(e, statement, source));
        }
    }

    private CellError error(Throwable thrown, SqlScript.Statement statement, CellSource source) {
        if (run.wasInterrupted()) {
            return CellError.interrupted();
        }
        CellError error = SparkErrors.of(thrown);
        if (error == null) {
            String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
            error = CellError.of(thrown.getClass().getSimpleName(), message, CellError.Kind.SPARK);
        }
        int inside = SparkErrors.offset(thrown, statement.text());
        CellSource.Position place = source.position(statement.offset() + Math.max(0, inside));
        return error.at(place.line(), inside < 0 ? null : place.column());
    }
}
