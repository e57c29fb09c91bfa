package io.campanile.kernel.shell;

import io.campanile.kernel.cells.CellFailedException;
import io.campanile.kernel.cells.CellRun;
import io.campanile.kernel.cells.CellSource;
import io.campanile.kernel.cells.JavaCells;
import io.campanile.kernel.spark.ClientWarmUp;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Small evaluations while the kernel is parked; the first user then meets a compiled compiler. Leaves nothing behind. */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final int ROUNDS = 8;
    private static final List<String> CELLS = List.of(
            "1 + 1",
            "\"a\".repeat(3).length() + List.of(1, 2).size()",
            "for (int i = 0; i < 3; i++) { Math.abs(i); }",
            "Stream.of(1, 2, 3).map(x -> x * 2).toList()",
            "{ Function<Integer, Integer> f = x -> x + 1; f.apply(2); }",
            "{ SparkSession s = null; Dataset<Row> d = null; Column c = col(\"a\").plus(1); }");
    private final Preamble preamble;
    private final JavaCells java;
    private final CellRun run;
    private int next;

    WarmUp(Preamble preamble, JavaCells java, CellRun run) {
        this.preamble = preamble;
        this.java = java;
        this.run = run;
    }

    /** One small step; false when there is no more to do. */
    boolean step() {
        if (next >= ROUNDS * CELLS.size()) {
            return false;
        }
        run.begin(null);
        try {
            preamble.imports();
            if (next == CELLS.size()) {
                run.call(() -> {
                    ClientWarmUp.run();
                    return true;
                });
            }
            java.evaluate(new CellSource(0, CELLS.get(next % CELLS.size())));
        } catch (CellFailedException e) {
            LOG.error("The warm-up failed: {}", e.getMessage());
        } catch (Throwable e) {
            // A cold client is slower, not broken.
            LOG.warn("The Spark client was not warmed up", e);
        } finally {
            run.end();
        }
        next++;
        return true;
    }
}
