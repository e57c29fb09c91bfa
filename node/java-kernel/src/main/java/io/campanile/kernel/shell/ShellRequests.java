package io.campanile.kernel.shell;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.cells.CellCompletion;
import io.campanile.kernel.output.CellOutput;
import io.campanile.kernel.wire.Iopub;
import io.campanile.kernel.wire.Json;
import io.campanile.kernel.wire.Message;
import io.campanile.kernel.wire.MessageCodec;
import io.campanile.kernel.wire.RequestLoop;
import java.util.List;
import jdk.jshell.SourceCodeAnalysis;

/** The shell channel: cells, completion and the small questions of a Jupyter client. */
final class ShellRequests implements RequestLoop.Handler {
    private final MessageCodec codec;
    private final Iopub iopub;
    private final CellOutput output;
    private final CellExecution execution;
    private final CellCompletion completion;
    private final SourceCodeAnalysis analysis;
    private final ControlRequests control;

    ShellRequests(
            MessageCodec codec,
            Iopub iopub,
            CellOutput output,
            CellExecution execution,
            SourceCodeAnalysis analysis,
            ControlRequests control) {
        this.codec = codec;
        this.iopub = iopub;
        this.output = output;
        this.execution = execution;
        this.analysis = analysis;
        this.control = control;
        completion = new CellCompletion(analysis);
    }

    @Override
    public void handle(Message request, RequestLoop.Replies replies) {
        iopub.publishSurely("status", request.header(), Json.object().put("execution_state", "busy"));
        try {
            switch (request.type()) {
                case "execute_request" -> execute(request, replies);
                case "complete_request" -> reply(request, replies, "complete_reply", complete(request.content()));
                case "inspect_request" -> reply(request, replies, "inspect_reply", inspect(request.content()));
                case "is_complete_request" ->
                    reply(request, replies, "is_complete_reply", isComplete(request.content()));
                case "history_request" -> {
                    ObjectNode content = Json.object().put("status", "ok");
                    content.putArray("history");
                    reply(request, replies, "history_reply", content);
                }
                case "comm_info_request" -> {
                    ObjectNode content = Json.object().put("status", "ok");
                    content.putObject("comms");
                    reply(request, replies, "comm_info_reply", content);
                }
                default -> control.handleAnywhere(request, replies);
            }
        } finally {
            iopub.publishSurely("status", request.header(), Json.object().put("execution_state", "idle"));
        }
    }

    private void execute(Message request, RequestLoop.Replies replies) {
        boolean silent = request.content().path("silent").asBoolean(false);
        boolean counted = !silent && request.content().path("store_history").asBoolean(true);
        int count = execution.next(counted);
        output.begin(request.header());
        if (!silent) {
            iopub.publishSurely(
                    "execute_input",
                    request.header(),
                    Json.object()
                            .put("code", request.content().path("code").asText())
                            .put("execution_count", count));
        }
        reply(request, replies, "execute_reply", execution.execute(request, silent));
    }

    private ObjectNode complete(ObjectNode content) {
        String code = content.path("code").asText();
        int cursor = units(code, content.path("cursor_pos").asInt(code.length()));
        boolean java =
                !code.stripLeading().startsWith("%") || code.stripLeading().startsWith("%java");
        String source = java && code.stripLeading().startsWith("%java") ? code.replaceFirst("%java", "     ") : code;
        CellCompletion.Matches matches =
                java ? completion.complete(source, cursor) : new CellCompletion.Matches(List.of(), cursor);
        int start = code.codePointCount(0, matches.start());
        int end = code.codePointCount(0, cursor);
        ObjectNode reply =
                Json.object().put("status", "ok").put("cursor_start", start).put("cursor_end", end);
        ArrayNode texts = reply.putArray("matches");
        ArrayNode types = reply.putObject("metadata").putArray("_jupyter_types_experimental");
        for (String text : matches.texts()) {
            texts.add(text);
            types.addObject()
                    .put("text", text)
                    .put("type", text.endsWith("(") || text.endsWith("()") ? "function" : "")
                    .put("start", start)
                    .put("end", end);
        }
        return reply;
    }

    private ObjectNode inspect(ObjectNode content) {
        String code = content.path("code").asText();
        int cursor = units(code, content.path("cursor_pos").asInt(code.length()));
        String found = code.stripLeading().startsWith("%") ? null : completion.inspect(code, cursor);
        ObjectNode reply = Json.object().put("status", "ok").put("found", found != null);
        ObjectNode data = reply.putObject("data");
        if (found != null) {
            data.put("text/plain", found);
        }
        reply.putObject("metadata");
        return reply;
    }

    private ObjectNode isComplete(ObjectNode content) {
        String rest = content.path("code").asText();
        String status = "complete";
        while (!rest.isBlank()) {
            var next = analysis.analyzeCompletion(rest);
            if (next.completeness() == SourceCodeAnalysis.Completeness.DEFINITELY_INCOMPLETE
                    || next.completeness() == SourceCodeAnalysis.Completeness.CONSIDERED_INCOMPLETE) {
                status = "incomplete";
                break;
            }
            if (next.completeness() == SourceCodeAnalysis.Completeness.UNKNOWN) {
                status = "invalid";
                break;
            }
            rest = next.remaining() == null ? "" : next.remaining();
        }
        ObjectNode reply = Json.object().put("status", status);
        return status.equals("incomplete") ? reply.put("indent", "") : reply;
    }

    /** Jupyter counts code points, Java's strings UTF-16 units. */
    private static int units(String code, int codePoints) {
        int known = Math.max(0, Math.min(codePoints, code.codePointCount(0, code.length())));
        return code.offsetByCodePoints(0, known);
    }

    private void reply(Message request, RequestLoop.Replies replies, String type, ObjectNode content) {
        replies.send(codec.answer(request, type, content));
    }
}
