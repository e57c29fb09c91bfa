package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One committed operation as every tab hears of it. Without {@code cid} and {@code seq} it answers no operation of a
 * client: it is the server's own, or keeps a text that was refused.
 */
public record OpEvent(
        long rev, @Nullable String cid, @Nullable Long seq, String actor, Instant at, JsonNode op) {
    public ObjectNode json() {
        ObjectNode out = Json.MAPPER.createObjectNode().put("rev", rev);
        out.put("cid", cid).put("seq", seq).put("actor", actor).put("at", at.toEpochMilli());
        out.set("op", op);
        return out;
    }
}
