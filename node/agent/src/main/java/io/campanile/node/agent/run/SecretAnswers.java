package io.campanile.node.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.agent.Loop;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.agent.stream.Backoff;
import io.campanile.node.agent.stream.Endpoints;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a kernel that asks for secrets, with what notebook-service says to the node's work token: the kernel, in which
 * the user's code runs, never sees the token. Values pass through memory only. Belongs to the agent's loop.
 */
public final class SecretAnswers {
    /** A question on the kernel's iopub channel: {@code {"id","what":"get|list|scopes","scope"?,"key"?}}. */
    static final String ASK = "campanile_ask";

    private static final String ANSWER = "campanile_answer_request";
    private static final Logger LOG = LoggerFactory.getLogger(SecretAnswers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<Integer> AWAY = Set.of(502, 503, 504);
    private static final long GIVE_UP_NANOS = Duration.ofSeconds(30).toNanos();

    private final HttpClient http;
    private final Endpoints endpoints;
    private final Supplier<String> token;
    private final Loop loop;
    private final Consumer<String> learned;

    /** {@code learned} is told of a value before its kernel: no log of the node may show it from then on. */
    public SecretAnswers(
            HttpClient http, Endpoints endpoints, Supplier<String> token, Loop loop, Consumer<String> learned) {
        this.http = http;
        this.endpoints = endpoints;
        this.token = token;
        this.loop = loop;
        this.learned = learned;
    }

    void answer(KernelProcess kernel, JsonNode question) {
        ask(kernel, question, new Backoff(), System.nanoTime());
    }

    private void ask(KernelProcess kernel, JsonNode question, Backoff backoff, long begun) {
        try {
            var request = HttpRequest.newBuilder(
                            endpoints.http("notebook-service").resolve("/node/v1/secrets"))
                    .header("Authorization", "Bearer " + token.get())
                    .header("Content-Type", "application/json")
                    .timeout(PATIENCE)
                    .POST(BodyPublishers.ofString(NodeJson.write(question)))
                    .build();
            http.sendAsync(request, BodyHandlers.ofString())
                    .handle((response, failure) -> response)
                    .thenAcceptAsync(response -> answered(kernel, question, response, backoff, begun), loop);
        } catch (IOException e) {
            LOG.debug("A question was not asked", e);
            answered(kernel, question, null, backoff, begun);
        }
    }

    /** A service that is away for a moment is asked again; what it refuses it will refuse again. */
    private void answered(
            KernelProcess kernel,
            JsonNode question,
            @Nullable HttpResponse<String> response,
            Backoff backoff,
            long begun) {
        boolean away = response == null || AWAY.contains(response.statusCode());
        if (away && System.nanoTime() - begun < GIVE_UP_NANOS) {
            loop.after(backoff.next(), () -> ask(kernel, question, backoff, begun));
            return;
        }
        ObjectNode answer = response == null ? unreachable() : content(response.body());
        value(answer).ifPresent(learned);
        answer.set("id", question.path("id"));
        kernel.control(ANSWER, answer);
    }

    private static Optional<String> value(ObjectNode answer) {
        try {
            return Optional.ofNullable(answer.get("value"))
                    .map(encoded -> new String(Base64.getDecoder().decode(encoded.asText()), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private static ObjectNode content(String body) {
        try {
            return NodeJson.read(body, JsonNode.class) instanceof ObjectNode content ? content : unreachable();
        } catch (IllegalArgumentException e) {
            // Something in between answered; what it said is not for a log.
            return unreachable();
        }
    }

    private static ObjectNode unreachable() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error_code", "TEMPORARILY_UNAVAILABLE")
                .put("message", "Secrets cannot be reached at the moment; try again");
    }
}
