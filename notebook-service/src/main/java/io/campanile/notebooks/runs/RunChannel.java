package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Errors;
import io.campanile.common.json.Json;
import io.campanile.notebooks.access.Permission;
import io.campanile.notebooks.live.ChannelFeature;
import io.campanile.notebooks.live.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The frames {@code run}, {@code cancel}, {@code restart}, {@code clear} and {@code fetch}. */
final class RunChannel implements ChannelFeature {
    private static final Logger LOG = LoggerFactory.getLogger(RunChannel.class);
    private static final int MOST_CELLS = 10_000;
    private static final long FETCH_BYTES = 1024 * 1024;

    private final RunService service;
    private final RunStore runs;
    private final OutputStore outputs;
    private final OutputFeed feed;

    RunChannel(RunService service, RunStore runs, OutputStore outputs, OutputFeed feed) {
        this.service = requireNonNull(service, "service");
        this.runs = requireNonNull(runs, "runs");
        this.outputs = requireNonNull(outputs, "outputs");
        this.feed = requireNonNull(feed, "feed");
    }

    @Override
    public Set<String> frames() {
        return Set.of("run", "cancel", "restart", "clear", "fetch");
    }

    @Override
    public void handle(Subscription from, JsonNode frame) {
        Caller caller = from.caller();
        switch (frame.path("t").asText()) {
            case "run" -> run(from, frame);
            case "cancel" -> {
                from.access().require(Permission.CAN_RUN);
                service.cancel(caller, from.notebookId(), optionalLong(frame, "run_id"));
            }
            case "restart" -> {
                from.access().require(Permission.CAN_RUN);
                service.restart(caller, from.notebookId());
            }
            case "clear" -> clear(from, frame);
            case "fetch" -> fetch(from, frame);
            default ->
                throw ApiException.invalid("Unknown frame: " + frame.path("t").asText());
        }
    }

    private void run(Subscription from, JsonNode frame) {
        @Nullable String id = frame.path("id").textValue();
        try {
            from.access().require(Permission.CAN_RUN);
            List<Run> queued = service.run(
                    from.caller(),
                    from.notebookId(),
                    from.access().path(),
                    ApiException.require(id, "id"),
                    new RunService.Selection(
                            strings(frame.path("cells")),
                            frame.path("mode").textValue(),
                            frame.path("cell").textValue()));
            ObjectNode answer =
                    Json.MAPPER.createObjectNode().put("t", "run_ack").put("id", id);
            ArrayNode shown = answer.putArray("runs");
            int waiting = 0;
            for (Run run : queued) {
                ObjectNode wire = run.wire();
                if (run.state() == RunState.QUEUED) {
                    waiting++;
                    wire.put("position", waiting);
                }
                shown.add(wire);
            }
            from.send(answer);
        } catch (RuntimeException e) {
            refuse(from, id, e);
        }
    }

    private static void refuse(Subscription to, @Nullable String id, RuntimeException failure) {
        ApiException known = Errors.translate(failure);
        if (known != failure) {
            LOG.atWarn().setCause(failure).log("A request to run cells failed");
        }
        ObjectNode answer = Json.MAPPER.createObjectNode().put("t", "run_nack");
        if (id != null) {
            answer.put("id", id);
        }
        to.send(answer.put("error_code", known.code().name()).put("message", known.getMessage()));
    }

    private void clear(Subscription from, JsonNode frame) {
        from.access().require(Permission.CAN_RUN);
        Lanes.Key key = new Lanes.Key(from.caller().workspaceId(), from.notebookId());
        List<String> cells = frame.has("cells") ? strings(frame.path("cells")) : null;
        outputs.clear(from.caller().doing("notebooks.clear"), key, cells);
        ObjectNode cleared = Json.MAPPER.createObjectNode().put("t", "cleared");
        if (cells != null) {
            ArrayNode named = cleared.putArray("cells");
            cells.forEach(named::add);
        }
        feed.frame(key, cleared);
    }

    private void fetch(Subscription from, JsonNode frame) {
        from.access().require(Permission.CAN_READ);
        long runId = ApiException.require(optionalLong(frame, "run_id"), "run_id");
        long after = frame.path("after").asLong(0);
        Run run = runs.find(from.caller().workspaceId(), runId)
                .filter(found -> found.notebookId() == from.notebookId())
                .orElseThrow(() -> ApiException.notFound("Run " + runId + " does not exist"));
        List<Output> page = outputs.after(run.workspaceId(), runId, after, FETCH_BYTES);
        ObjectNode answer = Json.MAPPER.createObjectNode().put("t", "outputs").put("run_id", runId);
        ArrayNode items = answer.putArray("items");
        page.forEach(output -> items.add(output.wire()));
        // Without this a client could not tell a page from the end: the last record of a run is not an output.
        boolean more = !page.isEmpty()
                && outputs.bytesAfter(
                                run.workspaceId(),
                                runId,
                                page.get(page.size() - 1).seq())
                        > 0;
        from.send(answer.put("more", more));
    }

    private static @Nullable Long optionalLong(JsonNode frame, String field) {
        JsonNode value = frame.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            throw ApiException.invalid(field + " must be an integer");
        }
        return value.asLong();
    }

    private static List<String> strings(JsonNode array) {
        if (array.size() > MOST_CELLS) {
            throw ApiException.invalid("At most " + MOST_CELLS + " cells in one request");
        }
        List<String> values = new ArrayList<>();
        for (JsonNode value : array) {
            values.add(ApiException.require(value.textValue(), "cells"));
        }
        return values;
    }
}
