package io.campanile.node.agent.executor;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.process.AnswerLines;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The executor process and what is known of it. All methods and the listener run on the agent's loop. */
public final class SparkExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(SparkExecutor.class);
    private static final int REASON_LINES = 8;
    private static final long LAST_LINES_SECONDS = 2;

    private final Executor loop;
    private final Runnable changed;
    private DriverState state = DriverState.STARTING;
    private boolean decommissioned;
    private @Nullable String message;
    private volatile @Nullable ChildProcess process;

    public SparkExecutor(Executor loop, Runnable changed) {
        this.loop = loop;
        this.changed = changed;
    }

    public void start(ChildProcess.Command command) {
        try {
            ChildProcess child = ChildProcess.startForAnswers(command);
            process = child;
            tell(child, Map.of("hide", command.hidden()));
            var said = new CompletableFuture<Void>();
            var reader = new Thread(() -> listen(child, said), "executor-answers");
            reader.setDaemon(true);
            reader.start();
            // What it said last decides what its end means.
            child.exit()
                    .thenCompose(code -> said.copy()
                            .completeOnTimeout(null, LAST_LINES_SECONDS, TimeUnit.SECONDS)
                            .thenApply(nothing -> code))
                    .thenAcceptAsync(code -> exited(child, code), loop);
            changed.run();
        } catch (IOException e) {
            fail("The executor was not started: " + e.getMessage());
        }
    }

    /** Runs on a thread of its own until the executor's output ends. */
    private void listen(ChildProcess child, CompletableFuture<Void> said) {
        try {
            AnswerLines.read(child, "executor", answer -> {
                hide(child, answer.path("hide"));
                loop.execute(() -> answered(answer));
            });
        } finally {
            said.complete(null);
        }
    }

    /** At once: what the values stand in may be on its way already. */
    private static void hide(ChildProcess child, JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        if (!texts.isEmpty()) {
            child.hide(texts);
        }
    }

    private void answered(JsonNode answer) {
        if (answer.path("decommissioned").asBoolean()) {
            decommissioned = true;
        }
        if (answer.path("ready").asBoolean() && state == DriverState.STARTING) {
            state = DriverState.READY;
            LOG.info("Executor registered");
            changed.run();
        }
    }

    private void exited(ChildProcess child, int code) {
        if (code == 0 && decommissioned) {
            state = DriverState.ENDED;
            LOG.info("Executor decommissioned");
            changed.run();
        } else {
            fail("The executor ended (exit " + code + "): " + String.join(" | ", child.lastLines(REASON_LINES)));
        }
    }

    /** It is of no use, and will not be. */
    public void fail(String reason) {
        state = DriverState.FAILED;
        message = reason;
        LOG.atWarn().addKeyValue("reason", reason).log("Executor failed");
        changed.run();
    }

    public DriverState state() {
        return state;
    }

    public @Nullable String message() {
        return message;
    }

    public Optional<ChildProcess> process() {
        return Optional.ofNullable(process);
    }

    private static void tell(ChildProcess child, Map<String, ?> order) {
        try {
            child.input().write((NodeJson.write(order) + "\n").getBytes(StandardCharsets.UTF_8));
            child.input().flush();
        } catch (IOException e) {
            LOG.debug("The executor is gone", e);
        }
    }

    public void end(Duration grace) {
        process().ifPresent(child -> child.end(grace));
    }

    /** False when it never was, or is no more. */
    public boolean alive() {
        return process().filter(ChildProcess::alive).isPresent();
    }

    /** For any thread, when nothing else helps. */
    public void kill() {
        process().filter(ChildProcess::alive).ifPresent(ChildProcess::kill);
    }
}
