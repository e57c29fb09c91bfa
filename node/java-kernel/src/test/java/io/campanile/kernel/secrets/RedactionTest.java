package io.campanile.kernel.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.wire.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedactionTest {
    private final Redaction redaction = new Redaction();
    private final Map<String, StringBuilder> shown = new LinkedHashMap<>();
    private final RedactedText text = new RedactedText(
            redaction,
            (stream, piece) ->
                    shown.computeIfAbsent(stream, name -> new StringBuilder()).append(piece));

    @Test
    void valuesAreReplacedHoweverTheyAreSpelled() {
        redaction.remember("a<b&\"c\"\n");

        assertThat(redaction.of("x a<b&\"c\"\n y")).isEqualTo("x [REDACTED] y");
        assertThat(redaction.of("a<b&\"c\"")).isEqualTo("[REDACTED]");
        assertThat(redaction.of("<td>a&lt;b&amp;&quot;c&quot;</td>")).isEqualTo("<td>[REDACTED]</td>");
        assertThat(redaction.of("{\"k\":\"a<b&\\\"c\\\"\"}")).isEqualTo("{\"k\":\"[REDACTED]\"}");
        assertThat(redaction.of("a<b")).isEqualTo("a<b");
    }

    @Test
    void aValueThatBeginsAnotherLeavesNoRest() {
        redaction.remember("secret");
        redaction.remember("secret-and-more");

        assertThat(redaction.of("secret-and-more secret")).isEqualTo("[REDACTED] [REDACTED]");
    }

    @Test
    void shortValuesAreNotLookedFor() {
        redaction.remember("abc");
        redaction.remember("");

        assertThat(redaction.active()).isFalse();
        assertThat(redaction.of("abc")).isEqualTo("abc");
    }

    @Test
    void theNamesOfFieldsStay() {
        redaction.remember("text");
        ObjectNode content = Json.object().put("text", "a text").put("n", 1);
        content.putArray("list").add("text");

        assertThat(redaction.of(content).toString())
                .isEqualTo("{\"text\":\"a [REDACTED]\",\"n\":1,\"list\":[\"[REDACTED]\"]}");
    }

    @Test
    void aValueInPiecesIsAValue() {
        redaction.remember("canary-4711");
        for (char each : "my canary-4711, not canary".toCharArray()) {
            text.print("stdout", String.valueOf(each));
            text.print("stderr", ".");
        }
        assertThat(String.valueOf(shown.get("stdout"))).isEqualTo("my [REDACTED], not ");

        text.flush();

        assertThat(String.valueOf(shown.get("stdout"))).isEqualTo("my [REDACTED], not canary");
        assertThat(String.valueOf(shown.get("stderr"))).hasSize(26);
    }

    @Test
    void textIsNotHeldBackWithoutNeed() {
        text.print("stdout", "before any secret c");
        redaction.remember("canary-4711");

        text.print("stdout", "progress: 5 %");

        assertThat(String.valueOf(shown.get("stdout"))).isEqualTo("before any secret cprogress: 5 %");
    }
}
