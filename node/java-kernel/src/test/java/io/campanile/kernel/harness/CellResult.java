package io.campanile.kernel.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.campanile.kernel.wire.Message;
import java.util.List;
import java.util.stream.Collectors;

/** A cell's reply and what it showed, in order. */
public record CellResult(JsonNode reply, List<Message> shown) {

    public String status() {
        return reply.path("status").asText();
    }

    /** The plain text of the result; empty when there is none. */
    public String text() {
        return first("execute_result").path("data").path("text/plain").asText();
    }

    public JsonNode first(String type) {
        return shown.stream()
                .filter(message -> message.type().equals(type))
                .findFirst()
                .map(message -> (JsonNode) message.content())
                .orElse(MissingNode.getInstance());
    }

    public JsonNode error() {
        return first("error").path("campanile");
    }

    public String errorMessage() {
        return error().path("message").asText();
    }

    public String printed(String stream) {
        return shown.stream()
                .filter(message -> message.type().equals("stream")
                        && message.content().path("name").asText().equals(stream))
                .map(message -> message.content().path("text").asText())
                .collect(Collectors.joining());
    }

    /** The message types in order, without the status messages. */
    public List<String> types() {
        return shown.stream()
                .map(Message::type)
                .filter(type -> !type.equals("status") && !type.equals("execute_input"))
                .toList();
    }
}
