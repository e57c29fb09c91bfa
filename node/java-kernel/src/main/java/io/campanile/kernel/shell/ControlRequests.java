package io.campanile.kernel.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.kernel.cells.CellRun;
import io.campanile.kernel.spark.Attachment;
import io.campanile.kernel.wire.Json;
import io.campanile.kernel.wire.Message;
import io.campanile.kernel.wire.MessageCodec;
import io.campanile.kernel.wire.RequestLoop;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control channel, answered while a cell runs: interrupt, shutdown, attach, kernel info. */
final class ControlRequests implements RequestLoop.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ControlRequests.class);
    private final MessageCodec codec;
    private final CellRun run;
    private final Consumer<Attachment> attach;
    private final Consumer<JsonNode> answered;
    private final Consumer<Path> library;
    private final Runnable shutdown;

    /**
     * What becomes of requests.
     *
     * @param answered takes what the agent says to a question of this kernel
     * @param library takes a jar that cells may use from now on
     */
    ControlRequests(
            MessageCodec codec,
            CellRun run,
            Consumer<Attachment> attach,
            Consumer<JsonNode> answered,
            Consumer<Path> library,
            Runnable shutdown) {
        this.answered = answered;
        this.library = library;
        this.codec = codec;
        this.run = run;
        this.attach = attach;
        this.shutdown = shutdown;
    }

    @Override
    public void handle(Message request, RequestLoop.Replies replies) {
        if (request.type().equals("interrupt_request")) {
            run.interrupt();
            replies.send(codec.answer(request, "interrupt_reply", Json.object().put("status", "ok")));
        } else if (request.type().equals("campanile_attach_request")) {
            replies.send(codec.answer(request, "campanile_attach_reply", attach(request)));
        } else if (request.type().equals("campanile_answer_request")) {
            answered.accept(request.content());
            replies.send(codec.answer(
                    request, "campanile_answer_reply", Json.object().put("status", "ok")));
        } else if (request.type().equals("campanile_libraries_request")) {
            request.content().path("jars").forEach(jar -> library.accept(Path.of(jar.asText())));
            replies.send(codec.answer(
                    request, "campanile_libraries_reply", Json.object().put("status", "ok")));
        } else {
            handleAnywhere(request, replies);
        }
    }

    /** What clients send on the shell or the control channel. */
    void handleAnywhere(Message request, RequestLoop.Replies replies) {
        switch (request.type()) {
            case "kernel_info_request" -> replies.send(codec.answer(request, "kernel_info_reply", info()));
            case "shutdown_request" -> {
                boolean restart = request.content().path("restart").asBoolean(false);
                replies.send(codec.answer(
                        request,
                        "shutdown_reply",
                        Json.object().put("status", "ok").put("restart", restart)));
                shutdown.run();
            }
            default -> LOG.atWarn().addKeyValue("type", request.type()).log("A request is not known");
        }
    }

    private ObjectNode attach(Message request) {
        try {
            attach.accept(Attachment.of(request.content()));
            return Json.object().put("status", "ok");
        } catch (IllegalArgumentException e) {
            ObjectNode reply = Json.object().put("status", "error").put("ename", "BadAttachment");
            reply.putArray("traceback");
            return reply.put("evalue", e.getMessage());
        }
    }

    private static ObjectNode info() {
        ObjectNode info = Json.object()
                .put("status", "ok")
                .put("protocol_version", MessageCodec.PROTOCOL)
                .put("implementation", "campanile-java")
                .put("implementation_version", "0.1.0")
                .put("banner", "Campanile Java " + Runtime.version().feature() + " with Spark Connect")
                .put("debugger", false);
        info.putObject("language_info")
                .put("name", "java")
                .put("version", Runtime.version().toString())
                .put("mimetype", "text/x-java-source")
                .put("file_extension", ".java")
                .put("pygments_lexer", "java")
                .put("codemirror_mode", "text/x-java");
        info.putArray("help_links");
        return info;
    }
}
