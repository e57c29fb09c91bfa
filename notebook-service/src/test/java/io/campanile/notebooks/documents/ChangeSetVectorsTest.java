package io.campanile.notebooks.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The vectors were made by the real {@code @codemirror/state}: see src/test/js. */
final class ChangeSetVectorsTest {
    @Test
    void everyVectorOfCodeMirrorComesOutTheSame() throws IOException {
        List<String> lines = lines();

        for (String line : lines) {
            JsonNode vector = Json.read(line, JsonNode.class);
            String doc = vector.path("doc").asText();
            ChangeSet a = ChangeSet.fromJson(vector.path("a"));
            ChangeSet b = ChangeSet.fromJson(vector.path("b"));
            ChangeSet c = ChangeSet.fromJson(vector.path("c"));
            assertThat(a.toJson()).as(line).isEqualTo(vector.path("a"));
            assertThat(a.apply(doc)).as(line).isEqualTo(vector.path("a_doc").asText());
            assertThat(a.invert(doc).toJson()).as(line).isEqualTo(vector.path("a_inverted"));
            assertThat(a.compose(c).toJson()).as(line).isEqualTo(vector.path("a_then_c"));
            assertThat(a.map(b, false).toJson()).as(line).isEqualTo(vector.path("a_over_b"));
            assertThat(b.map(a, true).toJson()).as(line).isEqualTo(vector.path("b_over_a"));
            assertThat(a.map(b, false).apply(b.apply(doc)))
                    .as(line)
                    .isEqualTo(b.map(a, true).apply(a.apply(doc)));
        }
        assertThat(lines).hasSizeGreaterThanOrEqualTo(5_000);
    }

    @Test
    void whatIsNoChangeIsRefused() {
        for (String bad : List.of(
                "{}",
                "\"x\"",
                "[-1]",
                "[0]",
                "[[0]]",
                "[[0,\"\"]]",
                "[1.5]",
                "[[]]",
                "[[1,2]]",
                "[[\"a\"]]",
                "[null]",
                "[3000000000]",
                "[2147483647,2147483647]")) {
            assertThatThrownBy(() -> ChangeSet.fromJson(Json.read(bad, JsonNode.class)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<String> lines() throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ChangeSetVectorsTest.class.getResourceAsStream("change-sets.jsonl")),
                StandardCharsets.UTF_8))) {
            return in.lines().toList();
        }
    }
}
