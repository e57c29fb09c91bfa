package io.campanile.notebooks.runs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * How much of a run is kept, whatever its node sends. The agent stops by itself before that; but code that takes the
 * node's token can speak in its place. Past the limit {@code kept} stays past it, so that the mark is made once.
 */
final class OutputAllowance {
    /** What the agent lets through of a run, and room for what it says about the rest. */
    static final long OUTPUTS = (16L << 20) + (64 << 10);
    /** Errors come on top: no run is without the reason of its end. */
    static final long MARKS = 1L << 20;

    private static final int SHORT = 4 << 10;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final long before;
    private long kept;

    /** {@code before}: bytes that are kept of the run already. */
    OutputAllowance(long before) {
        this.before = before;
        this.kept = before;
    }

    /** Whether nothing more that was printed is kept of a run with so many bytes. */
    static boolean spent(long bytes) {
        return bytes > OUTPUTS;
    }

    /** Bytes that came on top of those before. */
    long added() {
        return kept - before;
    }

    /** What is kept of a record: itself, less of it, or nothing. */
    Optional<Output> admit(Output output) {
        if (!output.visible()) {
            return Optional.of(output);
        }
        boolean mark = output.kind().equals("error") || output.kind().equals("clear");
        if (kept + output.bytes() <= (mark ? OUTPUTS + MARKS : OUTPUTS)) {
            kept += output.bytes();
            return Optional.of(output);
        }
        return mark ? shortened(output) : said(output);
    }

    private Optional<Output> shortened(Output output) {
        ObjectNode data = JSON.objectNode()
                .put("ename", cut(output.data().path("ename").asText()))
                .put("evalue", cut(output.data().path("evalue").asText()));
        data.set("traceback", JSON.arrayNode());
        Output less = Output.of(output.seq(), output.kind(), output.at(), data);
        if (!output.kind().equals("error") || kept + less.bytes() > OUTPUTS + MARKS) {
            return Optional.empty();
        }
        kept += less.bytes();
        return Optional.of(less);
    }

    private Optional<Output> said(Output output) {
        if (spent(kept)) {
            return Optional.empty();
        }
        ObjectNode data = JSON.objectNode()
                .put("name", "stderr")
                .put("text", "This run printed more than 16 MiB: the rest is not shown.\n");
        Output said = Output.of(output.seq(), "stream", output.at(), data);
        kept = Math.max(kept + said.bytes(), OUTPUTS + 1);
        return Optional.of(said);
    }

    private static String cut(String text) {
        int end = Math.min(text.length(), SHORT);
        boolean half = end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
        return text.substring(0, half ? end - 1 : end);
    }
}
