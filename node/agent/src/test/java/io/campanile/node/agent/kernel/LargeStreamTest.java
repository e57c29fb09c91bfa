package io.campanile.node.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class LargeStreamTest {
    private static final String TEXT = "plain \"quoted\" \\ back\n\t \u00e9 \u4e2d \ud83d\ude00 end";

    @Test
    void piecesOfAnySizeSayTheSame() throws IOException {
        String escaped = "plain \\\"quoted\\\" \\\\ back\\n\\t \\u00e9 \u4e2d \\ud83d\\ude00 end";

        for (int size = 1; size < 60; size++) {
            assertThat(joined("{\"name\":\"stderr\",\"text\":\"" + escaped + "\"}", size))
                    .isEqualTo(TEXT);
            assertThat(joined("{\"text\": \"" + escaped + "\", \"x\": [1], \"name\": \"stderr\"}", size))
                    .isEqualTo(TEXT);
        }
    }

    @Test
    void aMessageWithoutTextIsRefused() {
        assertThatThrownBy(() -> joined("{\"name\":\"stderr\"}", 5)).isInstanceOf(IOException.class);
    }

    private static String joined(String content, int size) throws IOException {
        List<JsonNode> pieces = new ArrayList<>();
        LargeStream.split(content.getBytes(StandardCharsets.UTF_8), size, pieces::add);
        assertThat(pieces)
                .allSatisfy(piece -> assertThat(piece.path("name").asText()).isEqualTo("stderr"));
        pieces.forEach(piece -> assertThat(NodeJson.write(piece).getBytes(StandardCharsets.UTF_8))
                .isNotEmpty());
        return pieces.stream().map(piece -> piece.path("text").asText()).collect(Collectors.joining());
    }
}
