package io.campanile.kernel.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Messages to and from ZeroMQ frames: identities, delimiter, signature, header, parent, metadata, content. */
public final class MessageCodec {
    public static final String PROTOCOL = "5.4";
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private final Signer signer;
    private final String session = UUID.randomUUID().toString();
    private final AtomicLong sent = new AtomicLong();

    public MessageCodec(Signer signer) {
        this.signer = signer;
    }

    /** Refuses what is malformed or not signed with the key. */
    public Message decode(List<byte[]> frames) throws IOException {
        int at = 0;
        while (at < frames.size() && !Arrays.equals(frames.get(at), DELIMITER)) {
            at++;
        }
        if (frames.size() < at + 6) {
            throw new IOException("A message of " + frames.size() + " frames is too short");
        }
        List<byte[]> parts = frames.subList(at + 2, at + 6);
        if (!signer.matches(frames.get(at + 1), parts)) {
            throw new IOException("A message has a wrong signature");
        }
        return new Message(
                List.copyOf(frames.subList(0, at)),
                Json.parse(parts.get(0)),
                Json.parse(parts.get(1)),
                Json.parse(parts.get(2)),
                Json.parse(parts.get(3)));
    }

    public List<byte[]> encode(Message message) {
        List<byte[]> parts = List.of(
                Json.bytes(message.header()),
                Json.bytes(message.parent()),
                Json.bytes(message.metadata()),
                Json.bytes(message.content()));
        List<byte[]> frames = new ArrayList<>(message.identities());
        frames.add(DELIMITER);
        frames.add(signer.sign(parts).getBytes(StandardCharsets.US_ASCII));
        frames.addAll(parts);
        return frames;
    }

    public Message answer(Message request, String type, ObjectNode content) {
        return new Message(request.identities(), header(type), request.header(), Json.object(), content);
    }

    /** A message of the iopub channel; its topic is its type. */
    public Message broadcast(String type, ObjectNode parent, ObjectNode content) {
        return new Message(
                List.of(type.getBytes(StandardCharsets.UTF_8)), header(type), parent, Json.object(), content);
    }

    private ObjectNode header(String type) {
        return Json.object()
                .put("msg_id", session + "_" + sent.incrementAndGet())
                .put("session", session)
                .put("username", "kernel")
                .put("date", Instant.now().toString())
                .put("msg_type", type)
                .put("version", PROTOCOL);
    }
}
