package io.campanile.node.agent.run;

import io.campanile.node.agent.kernel.JupyterMessage;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.agent.kernel.KernelSpec;
import io.campanile.node.protocol.WorkMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The processes of one notebook, one for each kind of kernel its cells ask for, all in one Spark session. Belongs to the
 * agent's loop.
 */
final class NotebookProcesses {
    private static final Duration GRACE = Duration.ofSeconds(3);
    private static final long ATTACH_SECONDS = 60;

    private final Desk desk;
    private final BiConsumer<KernelProcess, JupyterMessage> published;
    private final BiConsumer<KernelProcess, Integer> ended;
    private final Map<String, KernelProcess> processes = new HashMap<>();
    private String sessionId;

    /**
     * @param published told of what a process says on iopub
     * @param ended told of a process that ended without being asked to, and of its exit code
     */
    NotebookProcesses(
            Desk desk,
            String sessionId,
            BiConsumer<KernelProcess, JupyterMessage> published,
            BiConsumer<KernelProcess, Integer> ended) {
        this.desk = desk;
        this.sessionId = sessionId;
        this.published = published;
        this.ended = ended;
    }

    String sessionId() {
        return sessionId;
    }

    Optional<KernelProcess> of(KernelSpec spec) {
        return Optional.ofNullable(processes.get(spec.name()));
    }

    List<KernelProcess> all() {
        return List.copyOf(processes.values());
    }

    /** Takes a parked process or starts one, attached to this notebook's session; fails when the session changed meanwhile. */
    CompletableFuture<KernelProcess> start(KernelSpec spec, WorkMessage.Execute order) {
        String session = sessionId;
        return desk.kernels()
                .take(spec)
                .thenComposeAsync(process -> attach(process, order, session), desk.loop())
                .thenApplyAsync(
                        process -> {
                            if (!session.equals(sessionId)) {
                                process.kill();
                                throw new CompletionException(new IOException("restarted meanwhile"));
                            }
                            adopt(spec, process);
                            return process;
                        },
                        desk.loop());
    }

    private CompletableFuture<KernelProcess> attach(KernelProcess process, WorkMessage.Execute order, String session) {
        process.process().hide(desk.hidden());
        if (!process.spec().attaches()) {
            return CompletableFuture.completedFuture(process);
        }
        return process.control("campanile_attach_request", desk.attachment(order, session))
                .orTimeout(ATTACH_SECONDS, TimeUnit.SECONDS)
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        process.kill();
                    }
                })
                .thenApply(reply -> {
                    if (!reply.content().path("status").asText().equals("ok")) {
                        process.kill();
                        throw new CompletionException(
                                new IOException(reply.content().path("evalue").asText("refused")));
                    }
                    return process;
                });
    }

    private void adopt(KernelSpec spec, KernelProcess process) {
        processes.put(spec.name(), process);
        process.onOutput(message -> {
            if (message.type().equals(SecretAnswers.ASK)) {
                desk.secrets().answer(process, message.content());
            } else {
                published.accept(process, message);
            }
        });
        process.ended().thenAccept(code -> {
            if (processes.remove(spec.name(), process)) {
                ended.accept(process, code);
            }
        });
    }

    /** Kills a process so that its end is not taken for an accident. */
    void kill(KernelProcess process) {
        processes.values().remove(process);
        process.kill();
    }

    /** Ends every process and goes on in another session; nothing of the session before is left. */
    void session(String next) {
        end();
        sessionId = next;
    }

    /** Ends every process, and their session. */
    void end() {
        List<KernelProcess> ending = all();
        processes.clear();
        ending.forEach(process -> process.end(GRACE));
        desk.driver().closeSession(desk.userId(), sessionId);
    }

    /** The process that answers questions about code, when one runs. */
    Optional<KernelProcess> assistant() {
        return processes.values().stream()
                .filter(process -> process.spec().attaches())
                .findFirst()
                .or(() -> processes.values().stream().findFirst());
    }
}
