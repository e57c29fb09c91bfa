package io.campanile.notebooks.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutputAllowanceTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int PIECE = 1 << 20;

    @Test
    void whatTheAgentLetsThroughIsKeptWhole() {
        OutputAllowance allowance = new OutputAllowance(0);
        List<Output> kept = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            allowance.admit(stream(i, PIECE - 100)).ifPresent(kept::add);
        }
        allowance.admit(stream(16, 80)).ifPresent(kept::add);

        assertThat(kept).extracting(Output::seq).hasSize(17).contains(16L);
        assertThat(OutputAllowance.spent(allowance.added())).isFalse();
    }

    @Test
    void ofMoreTheFirstIsAMarkAndTheRestNothing() {
        OutputAllowance allowance = new OutputAllowance(0);
        List<Output> kept = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            allowance.admit(stream(i, PIECE)).ifPresent(kept::add);
        }
        // One that would still fit comes after the mark, and in the next batch.
        assertThat(allowance.admit(stream(40, 1))).isEmpty();
        assertThat(new OutputAllowance(allowance.added()).admit(stream(41, 1))).isEmpty();

        assertThat(kept).hasSize(17);
        assertThat(kept.get(16).seq()).isEqualTo(16);
        assertThat(kept.get(16).data().path("text").asText())
                .isEqualTo("This run printed more than 16 MiB: the rest is not shown.\n");
        assertThat(OutputAllowance.spent(allowance.added())).isTrue();
    }

    @Test
    void anErrorIsToldAfterTooMuchWasPrintedButNotEndlessly() {
        OutputAllowance allowance = new OutputAllowance(OutputAllowance.OUTPUTS + 1);

        assertThat(allowance.admit(error(1, 1000)).orElseThrow().bytes()).isGreaterThan(1000);
        Output cut = allowance.admit(error(2, 2 * PIECE)).orElseThrow();
        assertThat(cut.data().path("ename").asText()).isEqualTo("Failure");
        assertThat(cut.bytes()).isLessThan(5_000);
        long kept = 0;
        for (int i = 3; i < 2_000; i++) {
            kept += allowance.admit(error(i, 2 * PIECE)).isPresent() ? 1 : 0;
        }
        assertThat(kept).isBetween(200L, 300L);
        assertThat(allowance.added()).isLessThanOrEqualTo(OutputAllowance.MARKS);
        assertThat(allowance.admit(new Output(3_000, "clear", 0, JSON.objectNode(), PIECE, 0)))
                .isEmpty();
    }

    @Test
    void theEndOfARunIsNeverLeftOut() {
        Output end = new Output(9, Output.FINISHED, 0, JSON.objectNode().put("state", "ok"), PIECE, 0);

        assertThat(new OutputAllowance(Long.MAX_VALUE / 2).admit(end)).contains(end);
    }

    private static Output stream(long seq, int length) {
        ObjectNode data = JSON.objectNode().put("name", "stdout").put("text", "x".repeat(length));
        return Output.of(seq, "stream", 0, data);
    }

    private static Output error(long seq, int length) {
        ObjectNode data = JSON.objectNode().put("ename", "Failure").put("evalue", "x".repeat(length));
        return Output.of(seq, "error", 0, data);
    }
}
