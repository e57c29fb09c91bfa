package io.campanile.common.db;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the fence between workspaces adds to each statement: one it knows, a new one, and a batch with its values. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class TenantFenceBench {
    private static final Set<String> TABLES = Set.of("cell_run", "cell_output", "notebook", "notebook_cell");

    /** As jOOQ writes the search for what spoils a run. */
    private static final String SELECT = "select \"cell_run\".\"workspace_id\", \"cell_run\".\"run_id\","
            + " \"cell_run\".\"notebook_id\", \"cell_run\".\"cell_id\", \"cell_run\".\"batch\", \"cell_run\".\"state\","
            + " \"cell_run\".\"queued_at\", \"cell_run\".\"started_at\", \"cell_run\".\"finished_at\" from \"cell_run\""
            + " where (\"cell_run\".\"workspace_id\" = ? and \"cell_run\".\"notebook_id\" = ? and \"cell_run\".\"batch\" ="
            + " ? and \"cell_run\".\"run_id\" < ? and (\"cell_run\".\"state\" in (?, ?) or (\"cell_run\".\"state\" = ? and"
            + " \"cell_run\".\"epoch\" is not null) or \"cell_run\".\"exit_value\" is not null)) order by"
            + " \"cell_run\".\"run_id\" desc fetch next ? rows only";

    private static final String CELL = "insert into \"notebook_cell\" (\"workspace_id\", \"notebook_id\", \"cell_id\","
            + " \"src\") values (1, 2, 'c', '" + "val x = 1 + 1; ".repeat(700) + "') on conflict (\"workspace_id\","
            + " \"notebook_id\", \"cell_id\") do update set \"src\" = excluded.\"src\"";

    private final TenantFence fence = new TenantFence(TABLES);
    private final char[] select = SELECT.toCharArray();

    /** Copies the text first: jOOQ renders a new one each time, whose hash is not known yet. */
    @Benchmark
    public Optional<String> known() {
        return fence.problem(new String(select));
    }

    @Benchmark
    public Optional<String> first() {
        return TenantStatement.problem(SELECT, TABLES);
    }

    /** A cell of 10 kB, as an edit stores it. */
    @Benchmark
    public Optional<String> batch() {
        return TenantStatement.problem(CELL, TABLES);
    }
}
