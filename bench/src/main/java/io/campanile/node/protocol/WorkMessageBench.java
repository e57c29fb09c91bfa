package io.campanile.node.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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

/** A record of printed text on its way to a frame and back: one line, and the largest record there is. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class WorkMessageBench {
    @Param({"60", "65536"})
    public int characters = 60;

    private WorkMessage message = new WorkMessage.Ack(0, 0);
    private String frame = "";

    @Setup
    public void print() {
        String text = "line of a cell with some words and a number 12345\n".repeat(characters / 50 + 1);
        var data = JsonNodeFactory.instance.objectNode().put("name", "stdout");
        data.put("text", text.substring(0, characters));
        message = new WorkMessage.Record(4711, 12, 1_700_000_000_000L, "stream", data);
        frame = NodeJson.write(message);
    }

    @Benchmark
    public String encode() {
        return NodeJson.write(message);
    }

    @Benchmark
    public Object decode() {
        return NodeJson.read(frame, WorkMessage.class);
    }
}
