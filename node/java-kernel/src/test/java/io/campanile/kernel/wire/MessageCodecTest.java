package io.campanile.kernel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private final MessageCodec codec = new MessageCodec(new Signer("secret"));

    @Test
    void aMessageSurvivesTheWire() throws IOException {
        Message request = new Message(
                List.of("peer".getBytes(StandardCharsets.UTF_8)),
                Json.object().put("msg_id", "1").put("msg_type", "execute_request"),
                Json.object(),
                Json.object(),
                Json.object().put("code", "ä"));

        Message answer = codec.decode(codec.encode(codec.answer(request, "execute_reply", Json.object())));

        assertThat(answer.type()).isEqualTo("execute_reply");
        assertThat(answer.identities()).hasSize(1);
        assertThat(answer.parent()).isEqualTo(request.header());
    }

    @Test
    void whatIsNotSignedWithTheKeyIsRefused() {
        Message message = codec.broadcast("status", Json.object(), Json.object());
        List<byte[]> frames = new ArrayList<>(new MessageCodec(new Signer("other")).encode(message));

        assertThatThrownBy(() -> codec.decode(frames)).hasMessageContaining("wrong signature");
        assertThatThrownBy(() -> codec.decode(frames.subList(0, 3))).hasMessageContaining("too short");
    }

    @Test
    void anEmptyKeyMeansNoSignature() {
        assertThat(new Signer("").sign(List.of(new byte[] {1}))).isEmpty();
    }
}
