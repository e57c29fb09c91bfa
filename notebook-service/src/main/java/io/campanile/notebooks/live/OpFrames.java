package io.campanile.notebooks.live;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.documents.ClientOp;
import io.campanile.notebooks.documents.Documents;
import io.campanile.notebooks.documents.OpResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** {@code op} frames: handed to the document, answered after the commit. */
final class OpFrames {
    private final Documents documents;

    OpFrames(Documents documents) {
        this.documents = requireNonNull(documents, "documents");
    }

    /** The future ends, successfully, when the operation has its answer. */
    Future<Void> handle(TabSession session, TabSubscription tab, JsonNode frame) {
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.set("cid", frame.path("cid"));
        answer.set("seq", frame.path("seq"));
        ClientOp op;
        try {
            op = decode(frame);
            tab.access().require(Permission.CAN_EDIT);
        } catch (ApiException e) {
            tab.send(nack(answer, e));
            return Future.succeededFuture();
        }
        Promise<Void> answered = Promise.promise();
        documents.submit(tab.caller(), tab.notebookId(), op).whenComplete((result, failure) -> {
            if (failure != null) {
                failed(session, tab, answer, TabSession.failure(failure));
            } else if (result instanceof OpResult.Acknowledged ack) {
                answer.put("t", "ack").put("rev", ack.rev());
                if (ack.ver() != null) {
                    answer.put("ver", ack.ver());
                }
                tab.send(answer);
            } else if (result instanceof OpResult.Refused refused) {
                nack(answer, refused.reason());
                if (refused.recoveredCell() != null) {
                    answer.put("recovered_cell", refused.recoveredCell());
                }
                tab.send(answer);
            }
            session.onLoop(answered::complete);
        });
        return answered.future();
    }

    /**
     * While the database is away nothing can be said of the operation, and a refusal would make the tab give it up: the
     * socket is closed instead, and the tab sends it again when it is back.
     */
    private static void failed(TabSession session, TabSubscription tab, ObjectNode answer, ApiException why) {
        if (why.code().httpStatus() == 503) {
            session.onLoop(session::close);
            return;
        }
        tab.send(nack(answer, why));
    }

    private static ObjectNode nack(ObjectNode answer, ApiException why) {
        return answer.put("t", "nack")
                .put("error_code", why.code().name())
                .put("message", String.valueOf(why.getMessage()));
    }

    private static ClientOp decode(JsonNode frame) {
        if (!frame.path("cid").isTextual()) {
            throw ApiException.invalid("Field cid must be a string");
        }
        return new ClientOp(
                frame.path("cid").textValue(), number(frame, "seq"), number(frame, "base"), frame.path("op"));
    }

    private static long number(JsonNode frame, String field) {
        JsonNode value = frame.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw ApiException.invalid("Field " + field + " must be a whole number");
        }
        return value.longValue();
    }
}
