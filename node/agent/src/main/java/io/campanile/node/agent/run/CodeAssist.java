package io.campanile.node.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.protocol.WorkMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a kernel about code. Jupyter counts characters, browsers UTF-16 units: this is where they are converted. */
final class CodeAssist {
    private static final long SECONDS = 5;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CodeAssist() {}

    static CompletableFuture<JsonNode> ask(KernelProcess kernel, WorkMessage.Request request) {
        String code = request.code();
        int cursor = Math.max(0, Math.min(request.cursor(), code.length()));
        ObjectNode question = JSON.objectNode().put("code", code).put("cursor_pos", code.codePointCount(0, cursor));
        if (request.op().equals("complete")) {
            return kernel.shell("complete_request", question)
                    .orTimeout(SECONDS, TimeUnit.SECONDS)
                    .thenApply(reply -> completed(code, reply.content()));
        }
        question.put("detail_level", 0);
        return kernel.shell("inspect_request", question)
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .thenApply(reply -> inspected(reply.content()));
    }

    private static JsonNode completed(String code, JsonNode content) {
        JsonNode types = content.path("metadata").path("_jupyter_types_experimental");
        ArrayNode matches = JSON.arrayNode();
        for (int i = 0; i < content.path("matches").size(); i++) {
            String text = content.path("matches").path(i).asText();
            ObjectNode match = JSON.objectNode().put("text", text);
            JsonNode type = types.path(i);
            if (type.path("text").asText().equals(text) && type.path("type").isTextual()) {
                match.set("type", type.path("type"));
            }
            matches.add(match);
        }
        ObjectNode answer = JSON.objectNode();
        answer.set("matches", matches);
        return answer.put("from", units(code, content.path("cursor_start").asInt()))
                .put("to", units(code, content.path("cursor_end").asInt()));
    }

    private static int units(String code, int characters) {
        int count = code.codePointCount(0, code.length());
        return code.offsetByCodePoints(0, Math.max(0, Math.min(characters, count)));
    }

    private static JsonNode inspected(JsonNode content) {
        boolean found = content.path("found").asBoolean();
        return JSON.objectNode()
                .put("found", found)
                .put("text", content.path("data").path("text/plain").asText(""));
    }
}
