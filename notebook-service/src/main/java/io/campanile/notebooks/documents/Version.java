package io.campanile.notebooks.documents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.time.Instant;

/** A revision with a name. */
record Version(
        long versionId,
        String name,
        String description,
        long revision,
        Instant revisionAt,
        String createdBy,
        Instant createdAt) {
    ObjectNode json() {
        ObjectNode out = Json.MAPPER.createObjectNode().put("version_id", versionId);
        out.put("name", name).put("description", description);
        out.put("revision", revision).put("revision_at", revisionAt.toEpochMilli());
        return out.put("created_by", createdBy).put("created_at", createdAt.toEpochMilli());
    }
}
