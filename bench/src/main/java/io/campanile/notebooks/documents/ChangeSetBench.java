package io.campanile.notebooks.documents;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the authority does for each committed keystroke: a character typed by one person while another typed as well. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class ChangeSetBench {
    /** A usual cell, and one at the size at which people begin to complain. */
    @Param({"500", "50000"})
    public int characters = 500;

    private String text = "";
    private ChangeSet typed = change("", 0, 0, "");
    private ChangeSet remote = typed;
    private ChangeSet next = typed;

    @Setup
    public void write() {
        text = "int total = a + b;\n".repeat(characters / 19 + 1).substring(0, characters);
        typed = change(text, characters / 2, 0, "x");
        remote = change(text, characters / 3, 4, "other");
        next = change(typed.apply(text), characters / 2 + 1, 0, "y");
    }

    private static ChangeSet change(String text, int at, int removed, String inserted) {
        return new ChangeSet(List.of(
                new ChangeSet.Part(at, true, ""),
                new ChangeSet.Part(removed, false, inserted),
                new ChangeSet.Part(text.length() - at - removed, true, "")));
    }

    @Benchmark
    public String apply() {
        return typed.apply(text);
    }

    @Benchmark
    public Object map() {
        return typed.map(remote, false);
    }

    @Benchmark
    public Object compose() {
        return typed.compose(next);
    }

    @Benchmark
    public Object throughJson() {
        return ChangeSet.fromJson(typed.toJson());
    }
}
