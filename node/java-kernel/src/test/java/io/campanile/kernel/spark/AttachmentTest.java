package io.campanile.kernel.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.wire.Json;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AttachmentTest {
    @Test
    void anAttachRequestIsRead() {
        Attachment attachment = Attachment.of(content("sc://127.0.0.1:4100", "nb-7"));

        assertThat(attachment.port()).isEqualTo(4100);
        assertThat(UUID.fromString(attachment.sessionId()))
                .isEqualTo(UUID.fromString(
                        Attachment.of(content("sc://127.0.0.1:1", "nb-7")).sessionId()));
        assertThat(attachment.toString()).doesNotContain("tok");
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThatThrownBy(() -> Attachment.of(Json.object())).hasMessage("Missing required field: url");
        assertThatThrownBy(() -> Attachment.of(content("http://x", "s"))).hasMessageContaining("sc://");
    }

    private static ObjectNode content(String url, String session) {
        ObjectNode content = Json.object()
                .put("files_root", "/tmp/f")
                .put("files_access", "/tmp/a")
                .put("results_dir", "/tmp/r");
        content.putObject("spark")
                .put("url", url)
                .put("token", "tok")
                .put("user_id", "1")
                .put("session_id", session);
        return content;
    }
}
