package io.campanile.node.agent.driver;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.process.AnswerLines;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.ControlMessage.Load;
import io.campanile.node.protocol.ControlMessage.Scheduler;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The driver process and what is known of it. All methods and the listener run on the agent's loop. */
public final class Driver {
    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);
    private static final int REASON_LINES = 8;

    private final Executor loop;
    private final Runnable changed;
    private final String token;
    private DriverState state = DriverState.STARTING;
    private boolean restoring;
    private boolean held;
    private BiConsumer<String, @Nullable String> installed = (id, failure) -> {};
    private @Nullable String message;
    private @Nullable ChildProcess process;
    private @Nullable Integer port;
    private @Nullable Scheduler scheduler;
    private @Nullable Load load;
    private int streams;
    private long streamed;

    public Driver(Executor loop, String token, Runnable changed) {
        this.loop = loop;
        this.token = token;
        this.changed = changed;
    }

    public void start(ChildProcess.Command command) {
        try {
            ChildProcess child = ChildProcess.startForAnswers(command);
            process = child;
            tell(Map.of("hide", command.hidden()));
            var reader = new Thread(() -> listen(child), "driver-answers");
            reader.setDaemon(true);
            reader.start();
            child.exit().thenAcceptAsync(code -> exited(child, code), loop);
        } catch (IOException e) {
            failed("The driver was not started: " + e.getMessage());
        }
    }

    /** Runs on a thread of its own until the driver's output ends. */
    private void listen(ChildProcess child) {
        AnswerLines.read(child, "driver", answer -> loop.execute(() -> answered(answer)));
    }

    private void answered(JsonNode answer) {
        if (answer.path("port").isInt()) {
            ready(answer.path("port").asInt());
        } else if (answer.path("warehouse").asBoolean()) {
            restored();
        } else if (answer.path("library").isObject()) {
            JsonNode library = answer.path("library");
            installed.accept(library.path("id").asText(), library.path("failed").asText(null));
        } else if (answer.path("streams").isInt()) {
            streaming(answer.path("streams").asInt());
        } else if (state != DriverState.FAILED && answer.has("scheduler")) {
            scheduler = NodeJson.MAPPER.convertValue(answer.path("scheduler"), Scheduler.class);
        } else if (state != DriverState.FAILED && answer.has("load")) {
            load = NodeJson.MAPPER.convertValue(answer.path("load"), Load.class);
            changed.run();
        }
    }

    private void streaming(int running) {
        if (streams > 0 && running == 0) {
            streamed = System.currentTimeMillis();
        }
        streams = running;
        changed.run();
    }

    private void ready(int answering) {
        if (state != DriverState.STARTING) {
            return;
        }
        state = DriverState.READY;
        port = answering;
        LOG.atInfo().addKeyValue("port", answering).log("Driver ready");
        changed.run();
    }

    /** Makes it look for tables: until it has, a query could miss what its owner keeps. */
    public void restoreWarehouse() {
        restoring = true;
        tell(Map.of("restore_warehouse", true));
    }

    /** While it is held no kernel attaches: what it was told to install first is not there. */
    public void hold(boolean on) {
        if (held != on) {
            held = on;
            changed.run();
        }
    }

    /** {@code listener} is told of each library that {@link #install} gave it, with the reason where it failed. */
    public void onInstalled(BiConsumer<String, @Nullable String> listener) {
        installed = listener;
    }

    /** Puts jars on the class path of its sessions and of executors. */
    public void install(String id, List<String> jars) {
        tell(Map.of("libraries", Map.of("id", id, "jars", jars)));
    }

    private void restored() {
        restoring = false;
        changed.run();
    }

    private void exited(ChildProcess child, int code) {
        failed("The driver ended (exit " + code + "): " + String.join(" | ", child.lastLines(REASON_LINES)));
    }

    private void failed(String reason) {
        state = DriverState.FAILED;
        message = reason;
        scheduler = null;
        load = null;
        streams = 0;
        LOG.atWarn().addKeyValue("reason", reason).log("Driver failed");
        changed.run();
    }

    /** What the driver asks of its clients. */
    public String token() {
        return token;
    }

    public DriverState state() {
        return state;
    }

    /** True when a kernel may attach to it: it answers, with its owner's tables and its cluster's libraries. */
    public boolean usable() {
        return state == DriverState.READY && !restoring && !held;
    }

    public @Nullable String message() {
        return message;
    }

    public Optional<ChildProcess> process() {
        return Optional.ofNullable(process);
    }

    public @Nullable Integer port() {
        return port;
    }

    /** Whether a streaming query runs, which goes on after the cell that began it. */
    public boolean streaming() {
        return streams > 0;
    }

    /** When the last one ended, in milliseconds since the epoch; 0: there was none. */
    public long streamed() {
        return streamed;
    }

    /** Where executors register, once it is ready; null without workers. */
    public @Nullable Scheduler scheduler() {
        return state == DriverState.READY ? scheduler : null;
    }

    /** What its scheduler has to do, null without workers. */
    public @Nullable Load load() {
        return load;
    }

    /** Takes executors out; one that is out already is ignored. */
    public void decommission(List<String> executorIds) {
        tell(Map.of("decommission", Map.of("executor_ids", executorIds)));
    }

    /** How a kernel reaches this driver in a session; only once it is ready. */
    public Map<String, String> connect(String userId, String sessionId) {
        return Map.of("url", "sc://127.0.0.1:" + port, "token", token, "user_id", userId, "session_id", sessionId);
    }

    /** Keeps values out of its logs from now on. */
    public void hide(List<String> values) {
        tell(Map.of("hide", values));
        if (process != null) {
            process.hide(values);
        }
    }

    /** Ends a Connect session whose kernel was killed before it could. */
    public void closeSession(String userId, String sessionId) {
        tell(Map.of("close_session", Map.of("user_id", userId, "session_id", sessionId)));
    }

    private void tell(Map<String, ?> order) {
        if (process == null || !process.alive()) {
            return;
        }
        try {
            process.input().write((NodeJson.write(order) + "\n").getBytes(StandardCharsets.UTF_8));
            process.input().flush();
        } catch (IOException e) {
            LOG.debug("The driver is gone", e);
        }
    }

    public void end(Duration grace) {
        if (process != null) {
            process.end(grace);
        }
    }
}
