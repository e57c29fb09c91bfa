package io.campanile.notebooks.kernels;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.json.Json;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.live.ChannelFeature;
import io.campanile.notebooks.live.Subscription;
import io.campanile.notebooks.nodes.NodeStream;
import io.campanile.notebooks.nodes.NodeStreams;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The frames {@code complete} and {@code inspect}: a question to an idle kernel, answered or refused in 4 s. */
public final class KernelChannel implements ChannelFeature {
    private static final long PATIENCE_MILLIS = 4_000;
    private static final int MOST_OPEN = 2_000;
    private static final int LONGEST_CODE = 1_000_000;

    private final Vertx vertx;
    private final KernelService kernels;
    private final NodeStreams nodes;
    private final Map<String, Question> open = new ConcurrentHashMap<>();

    public KernelChannel(Vertx vertx, KernelService kernels, NodeStreams nodes) {
        this.vertx = requireNonNull(vertx, "vertx");
        this.kernels = requireNonNull(kernels, "kernels");
        this.nodes = requireNonNull(nodes, "nodes");
    }

    @Override
    public Set<String> frames() {
        return Set.of("complete", "inspect");
    }

    @Override
    public void handle(Subscription from, JsonNode frame) {
        String op = frame.path("t").asText();
        @Nullable String id = frame.path("id").textValue();
        try {
            from.access().require(Permission.CAN_RUN);
            String code = ApiException.require(frame.path("code").textValue(), "code");
            int cursor = frame.path("cursor").asInt(code.length());
            if (cursor < 0 || cursor > code.length() || code.length() > LONGEST_CODE) {
                throw ApiException.invalid("cursor must lie within the code");
            }
            ask(from, ApiException.require(id, "id"), op, code, cursor);
        } catch (ApiException e) {
            from.send(refusal(id, e.code(), String.valueOf(e.getMessage())));
        }
    }

    /** The answer to a question; late ones are dropped. Never blocks. */
    public void replied(NodeStream node, WorkMessage.Reply reply) {
        Question question = open.get(reply.id());
        if (question == null || question.node() != node || !open.remove(reply.id(), question)) {
            return;
        }
        vertx.cancelTimer(question.timer());
        JsonNode data = reply.data();
        if (data instanceof ObjectNode fields) {
            ObjectNode answer = Json.MAPPER.createObjectNode();
            answer.setAll(fields);
            answer.put("t", question.op().equals("complete") ? "completed" : "inspected");
            question.from().send(answer.put("id", question.id()));
            return;
        }
        String error = reply.error() == null ? "The kernel gave no answer" : reply.error();
        question.from().send(refusal(question.id(), ErrorCode.INVALID_STATE, error));
    }

    /** The node is gone, and with it its answers. Never blocks. */
    public void disconnected(NodeStream node) {
        open.forEach((key, question) -> {
            if (question.node() == node) {
                give(key, ErrorCode.TEMPORARILY_UNAVAILABLE, "The connection to the cluster was lost");
            }
        });
    }

    private void ask(Subscription from, String id, String op, String code, int cursor) {
        Caller person = from.caller();
        Kernel kernel = kernels.of(person.workspaceId(), from.notebookId(), person.userId())
                .filter(known -> !known.state().equals(Kernel.NONE))
                .orElseThrow(() -> new ApiException(
                        ErrorCode.INVALID_STATE, "No kernel runs for this notebook; run a cell to start one"));
        NodeStream node = nodes.of(person.workspaceId(), kernel.clusterId(), kernel.epoch())
                .orElseThrow(() -> new ApiException(
                        ErrorCode.TEMPORARILY_UNAVAILABLE, "The cluster is not connected at the moment"));
        if (!kernel.state().equals(Kernel.IDLE)) {
            throw new ApiException(
                    ErrorCode.INVALID_STATE, "The kernel is " + kernel.state() + "; ask again when it is idle");
        }
        if (open.size() >= MOST_OPEN) {
            throw new ApiException(
                    ErrorCode.REQUEST_LIMIT_EXCEEDED, "Too many questions to kernels at once; try again");
        }
        String key = UUID.randomUUID().toString();
        long timer = vertx.setTimer(
                PATIENCE_MILLIS, fired -> give(key, ErrorCode.DEADLINE_EXCEEDED, "The kernel did not answer in time"));
        open.put(key, new Question(from, id, op, node, timer));
        if (!node.send(new WorkMessage.Request(key, kernel.kernelId(), op, code, cursor))) {
            give(key, ErrorCode.TEMPORARILY_UNAVAILABLE, "The connection to the cluster was lost");
        }
    }

    private void give(String key, ErrorCode code, String message) {
        Question question = open.remove(key);
        if (question != null) {
            vertx.cancelTimer(question.timer());
            question.from().send(refusal(question.id(), code, message));
        }
    }

    private static ObjectNode refusal(@Nullable String id, ErrorCode code, String message) {
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "error");
        if (id != null) {
            frame.put("id", id);
        }
        return frame.put("error_code", code.name()).put("message", message);
    }

    private record Question(Subscription from, String id, String op, NodeStream node, long timer) {}
}
