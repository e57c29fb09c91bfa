package io.campanile.kernel.secrets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.cells.StopCheck;
import io.campanile.kernel.wire.Iopub;
import io.campanile.kernel.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the node's agent for secrets: the question goes out on iopub, the answer comes on the control channel, which no
 * other process can listen to. The kernel itself holds no credential of the control plane.
 */
public final class NodeSecrets {
    public static final String ASK = "campanile_ask";
    private static final long PATIENCE_SECONDS = 60;

    private final Iopub iopub;
    private final Redaction redaction;
    private final Map<String, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();

    public NodeSecrets(Iopub iopub, Redaction redaction) {
        this.iopub = iopub;
        this.redaction = redaction;
    }

    /** The value of a secret, which from now on is redacted in what cells show. */
    public byte[] get(String scope, String key) {
        JsonNode answer = ask("get", Json.object().put("scope", scope).put("key", key));
        byte[] value = Base64.getDecoder().decode(answer.path("value").asText());
        redaction.remember(new String(value, StandardCharsets.UTF_8));
        return value;
    }

    public List<String> keys(String scope) {
        return names(ask("list", Json.object().put("scope", scope)));
    }

    public List<String> scopes() {
        return names(ask("scopes", Json.object()));
    }

    /** The content of an answer; one that nobody waits for is dropped. */
    public void answered(JsonNode content) {
        CompletableFuture<JsonNode> waiting = open.remove(content.path("id").asText());
        if (waiting != null) {
            waiting.complete(content);
        }
    }

    private JsonNode ask(String what, ObjectNode question) {
        String id = UUID.randomUUID().toString();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        open.put(id, answer);
        try {
            iopub.publish(ASK, Json.object(), question.put("id", id).put("what", what));
            return checked(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            StopCheck.check();
            throw new IllegalStateException("Interrupted while waiting for a secret", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Secrets cannot be reached at the moment; try again", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Nothing completes an answer exceptionally", e);
        } finally {
            open.remove(id);
        }
    }

    private static JsonNode checked(JsonNode answer) {
        String code = answer.path("error_code").asText("");
        String message = answer.path("message").asText();
        return switch (code) {
            case "" -> answer;
            case "RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE" -> throw new IllegalArgumentException(message);
            case "PERMISSION_DENIED" -> throw new SecurityException(message);
            default -> throw new IllegalStateException(message);
        };
    }

    private static List<String> names(JsonNode answer) {
        List<String> names = new ArrayList<>();
        answer.path("names").forEach(name -> names.add(name.asText()));
        return names;
    }
}
