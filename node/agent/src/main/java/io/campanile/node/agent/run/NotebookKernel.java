package io.campanile.node.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.node.agent.kernel.JupyterMessage;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.agent.kernel.KernelSpec;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.node.protocol.WorkMessage.KernelState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The kernel of one notebook: its queue, one run at a time, and its processes (one for each kind of kernel its cells ask
 * for). Belongs to the agent's loop.
 */
final class NotebookKernel {
    private static final Duration ESCALATION = Duration.ofSeconds(10);
    private static final Duration INTERRUPT_AGAIN = Duration.ofSeconds(3);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String id;
    private final Desk desk;
    private final long notebookId;
    private final Deque<Run> queue = new ArrayDeque<>();
    private final NotebookProcesses processes;
    private String notebookPath;
    private KernelState state = KernelState.STARTING;
    private @Nullable String reason;
    private @Nullable Run current;

    NotebookKernel(WorkMessage.Execute first, Desk desk) {
        this.id = first.kernelId();
        this.notebookId = first.notebookId();
        this.notebookPath = first.notebookPath();
        this.desk = desk;
        this.processes = new NotebookProcesses(desk, first.sessionId(), this::published, this::ended);
    }

    void submit(Run run) {
        queue.add(run);
        pump();
    }

    /** Begins the next run when there is one and nothing is in its way; called again when the driver changes. */
    void pump() {
        while (current == null && !queue.isEmpty()) {
            Run next = queue.element();
            Optional<KernelSpec> spec = specOf(next);
            if (spec.isEmpty()) {
                queue.remove();
                fail(next, "NoKernel", "No kernel for " + next.order.language() + " is installed on this cluster");
                continue;
            }
            if (spec.get().attaches() && desk.driver().state() == DriverState.FAILED) {
                decline(queue.remove());
                continue;
            }
            if (spec.get().attaches() && !desk.driver().usable()) {
                return;
            }
            begin(queue.remove(), spec.get());
        }
    }

    private void begin(Run run, KernelSpec spec) {
        current = run;
        notebookPath = run.order.notebookPath();
        if (!run.order.sessionId().equals(processes.sessionId())) {
            processes.session(run.order.sessionId());
        }
        Optional<KernelProcess> process = processes.of(spec);
        if (process.isPresent()) {
            execute(run, process.get());
            return;
        }
        state(KernelState.STARTING, null);
        processes.start(spec, run.order).whenComplete((started, failure) -> {
            if (failure != null) {
                state(KernelState.DEAD, "The kernel did not start: " + words(failure));
                if (current == run) {
                    fail(run, "KernelNotStarted", "The kernel did not start: " + words(failure));
                }
            } else if (current == run && !run.finished) {
                execute(run, started);
            } else {
                state(KernelState.IDLE, null);
                pump();
            }
        });
    }

    private void execute(Run run, KernelProcess process) {
        run.kernel = process;
        run.output.started();
        state(KernelState.BUSY, null);
        ObjectNode content = JSON.objectNode()
                .put("code", run.order.code())
                .put("silent", false)
                .put("store_history", true)
                .put("allow_stdin", false)
                .put("stop_on_error", false);
        content.set("user_expressions", JSON.objectNode());
        content.set("campanile", JSON.objectNode().put("run_id", run.id()).put("language", run.order.language()));
        process.execute(run.messageId, content).thenAccept(reply -> {
            run.reply = reply.content();
            settle(run);
        });
    }

    private void published(KernelProcess process, JupyterMessage message) {
        Run run = current;
        if (run == null || run.kernel != process || !message.parentId().equals(run.messageId)) {
            return;
        }
        if (message.type().equals("status")) {
            run.idle = message.content().path("execution_state").asText().equals("idle");
            settle(run);
            return;
        }
        run.output.publish(
                message.type(),
                message.content(),
                (kind, data) -> desk.passing().accept(new WorkMessage.Transient(run.id(), kind, data)));
    }

    /** A run is over when it is answered and the kernel has said on iopub that nothing more comes. */
    private void settle(Run run) {
        JsonNode reply = run.reply;
        if (reply == null || !run.idle || run != current) {
            return;
        }
        boolean ok = reply.path("status").asText().equals("ok");
        String outcome = ok ? "ok" : run.canceled != null ? "canceled" : "error";
        String message = ok
                ? null
                : run.canceled != null
                        ? run.canceled
                        : reply.path("ename").asText("Error") + ": "
                                + reply.path("evalue").asText();
        state(KernelState.IDLE, null);
        finish(run, outcome, message);
    }

    private void fail(Run run, String name, String message) {
        run.output.failure(name, message);
        finish(run, "error", message);
    }

    /** The run has left no trace here, so the driver that comes next can have it. */
    private void decline(Run run) {
        run.finished = true;
        if (current == run) {
            current = null;
        }
        run.declined.run();
        desk.changed().run();
    }

    private void finish(Run run, String outcome, @Nullable String message) {
        if (run.finished) {
            return;
        }
        run.finished = true;
        ObjectNode data = JSON.objectNode().put("state", outcome);
        if (message != null) {
            data.put("message", message);
        }
        JsonNode reply = run.reply;
        if (reply != null && reply.path("execution_count").isInt()) {
            data.set("count", reply.path("execution_count"));
        }
        if (reply != null && reply.path("campanile").has("exit_value")) {
            data.set("exit_value", reply.path("campanile").path("exit_value"));
        }
        run.output.finish(data, run.ended);
        if (current == run) {
            current = null;
        }
        desk.changed().run();
        desk.loop().execute(this::pump);
    }

    /** False when this kernel has no such run. */
    boolean cancel(long runId, String why) {
        for (Run run : queue) {
            if (run.id() == runId) {
                queue.remove(run);
                finish(run, "canceled", why);
                return true;
            }
        }
        Run run = current;
        if (run == null || run.id() != runId) {
            return false;
        }
        if (run.kernel == null) {
            finish(run, "canceled", why);
        } else if (run.canceled == null) {
            run.canceled = why;
            interrupt(run, run.kernel);
            desk.loop().after(ESCALATION, () -> escalate(run));
        }
        return true;
    }

    /** An interrupt that comes before the kernel has begun the cell is lost: asks again until the run is over. */
    private void interrupt(Run run, KernelProcess process) {
        if (!run.finished) {
            process.interrupt();
            desk.loop().after(INTERRUPT_AGAIN, () -> interrupt(run, process));
        }
    }

    private void escalate(Run run) {
        KernelProcess process = run.kernel;
        if (run.finished || process == null) {
            return;
        }
        String why = "The cell did not stop: its kernel was ended and all variables are gone";
        lose(process, why);
        finish(run, "canceled", why);
    }

    private void lose(KernelProcess process, String why) {
        processes.kill(process);
        state(KernelState.DEAD, why);
    }

    private void ended(KernelProcess process, int code) {
        String why = "kernel died (exit " + code + (code == 137 ? ": out of memory?)" : ")");
        state(KernelState.DEAD, why);
        Run run = current;
        if (run != null && run.kernel == process) {
            fail(run, "KernelDied", why);
        }
    }

    /** Ends every run and process, and starts anew in another Spark session. */
    void restart(String newSession) {
        drop("The kernel was restarted");
        processes.session(newSession);
        state(KernelState.RESTARTING, null);
        Optional<KernelSpec> java = desk.kernels().specFor("JAVA");
        if (java.isEmpty() || !desk.driver().usable()) {
            state(KernelState.IDLE, null);
            return;
        }
        var order = new WorkMessage.Execute(0, id, newSession, notebookId, notebookPath, "JAVA", "");
        processes.start(java.get(), order).whenComplete((process, failure) -> {
            if (current == null && newSession.equals(processes.sessionId())) {
                state(failure == null ? KernelState.IDLE : KernelState.DEAD, failure == null ? null : words(failure));
            }
        });
    }

    /** Ends everything for good. */
    void stop(String why) {
        drop(why);
        processes.end();
        state(KernelState.DEAD, why);
    }

    /** Spark's state went with the driver, and with it what the kernels hold of it. */
    void driverLost(String why) {
        Run run = current;
        if (run != null && specOf(run).filter(KernelSpec::attaches).isPresent()) {
            if (run.kernel == null) {
                decline(run);
            } else {
                fail(run, "DriverLost", why);
            }
        }
        for (KernelProcess process : processes.all()) {
            if (process.spec().attaches()) {
                lose(process, why);
            }
        }
        pump();
    }

    private Optional<KernelSpec> specOf(Run run) {
        return desk.kernels().specFor(run.order.language());
    }

    private void drop(String why) {
        for (Run run : List.copyOf(queue)) {
            queue.remove(run);
            finish(run, "canceled", why);
        }
        if (current != null) {
            finish(current, "canceled", why);
        }
    }

    Optional<KernelProcess> assistant() {
        return processes.assistant();
    }

    boolean busy() {
        return current != null || !queue.isEmpty();
    }

    boolean running() {
        return !processes.all().isEmpty();
    }

    WorkMessage.KernelInfo info() {
        return new WorkMessage.KernelInfo(id, notebookId, state, reason);
    }

    private void state(KernelState next, @Nullable String why) {
        if (state == next && why == null) {
            return;
        }
        state = next;
        reason = why;
        desk.passing().accept(new WorkMessage.Kernel(info()));
        desk.changed().run();
    }

    private static String words(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
