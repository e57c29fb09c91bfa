package io.campanile.node.agent.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs and reads the multipart messages of Jupyter 5.4; for one thread. */
final class JupyterCodec {
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private static final int PIECE = 512 << 10;
    /** What fits the agent's heap several times over; tables and files do not travel in messages. */
    private static final int LONGEST = 6 << 20;

    private static final String EMPTY = "{}";

    private final String session = UUID.randomUUID().toString();
    private final Mac mac;

    JupyterCodec(String key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java", e);
        }
    }

    /** The parts of a request. */
    List<byte[]> encode(String id, String type, JsonNode content) {
        ObjectNode header = NodeJson.MAPPER.createObjectNode();
        header.put("msg_id", id)
                .put("session", session)
                .put("username", "campanile")
                .put("date", Instant.now().toString())
                .put("msg_type", type)
                .put("version", "5.4");
        List<byte[]> body = new ArrayList<>();
        for (String part : List.of(NodeJson.write(header), EMPTY, EMPTY, NodeJson.write(content))) {
            body.add(part.getBytes(StandardCharsets.UTF_8));
        }
        List<byte[]> parts = new ArrayList<>();
        parts.add(DELIMITER);
        parts.add(sign(body));
        parts.addAll(body);
        return parts;
    }

    /** Reads a message, in several pieces when it is long; IOException when it is none or its signature is wrong. */
    void decode(List<byte[]> parts, Consumer<JupyterMessage> messages) throws IOException {
        int start = 0;
        while (start < parts.size() && !MessageDigest.isEqual(parts.get(start), DELIMITER)) {
            start++;
        }
        if (parts.size() < start + 6) {
            throw new IOException("Not a Jupyter message: " + parts.size() + " parts");
        }
        List<byte[]> body = parts.subList(start + 2, start + 6);
        if (!MessageDigest.isEqual(sign(body), parts.get(start + 1))) {
            throw new IOException("A message with a wrong signature");
        }
        JsonNode header = NodeJson.MAPPER.readTree(body.get(0));
        JsonNode parent = NodeJson.MAPPER.readTree(body.get(1));
        String id = header.path("msg_id").asText();
        String type = header.path("msg_type").asText();
        String parentId = parent.path("msg_id").asText("");
        byte[] content = body.get(3);
        if (type.equals("stream") && content.length > PIECE) {
            LargeStream.split(
                    content, PIECE, piece -> messages.accept(new JupyterMessage(id, type, parentId, piece, PIECE)));
        } else if (content.length <= LONGEST) {
            messages.accept(new JupyterMessage(id, type, parentId, NodeJson.MAPPER.readTree(content), content.length));
        } else {
            var size = NodeJson.MAPPER.createObjectNode().put("bytes", content.length);
            messages.accept(new JupyterMessage(id, JupyterMessage.TOO_LONG, parentId, size, 0));
        }
    }

    private byte[] sign(List<byte[]> body) {
        body.forEach(mac::update);
        return HexFormat.of().formatHex(mac.doFinal()).getBytes(StandardCharsets.US_ASCII);
    }
}
