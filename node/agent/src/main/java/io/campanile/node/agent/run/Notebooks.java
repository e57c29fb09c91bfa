package io.campanile.node.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.agent.spool.Spool;
import io.campanile.node.protocol.ControlMessage.DriverState;
import io.campanile.node.protocol.WorkMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Every notebook of this node: takes the orders of notebook-service. Belongs to the agent's loop. */
public final class Notebooks {
    /** Runs remembered after their end, so that an order that comes twice is not carried out twice. */
    private static final int REMEMBERED = 10_000;

    private final Desk desk;
    private final Spool spool;
    private final ResultUpload uploads;
    private final LongConsumer resend;
    private final RunOutput.Limits limits;
    private final Map<String, NotebookKernel> kernels = new HashMap<>();
    private final Set<Long> open = new TreeSet<>();
    private final Map<Long, Outcome> past = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Outcome> eldest) {
            return size() > REMEMBERED;
        }
    };
    private boolean stopped;

    private enum Outcome {
        ENDED,
        DECLINED
    }

    private long active = System.currentTimeMillis();

    /** {@code resend} makes the work stream send a run's records again. */
    public Notebooks(Desk desk, Spool spool, ResultUpload uploads, LongConsumer resend) {
        this(desk, spool, uploads, resend, RunOutput.Limits.CONTRACT);
    }

    Notebooks(Desk desk, Spool spool, ResultUpload uploads, LongConsumer resend, RunOutput.Limits limits) {
        this.desk = desk;
        this.spool = spool;
        this.uploads = uploads;
        this.resend = resend;
        this.limits = limits;
    }

    /** Ends the runs an earlier agent of this node left open: their kernels died with it. */
    public static void closeAbandoned(Spool spool) {
        for (long runId : spool.unfinished()) {
            var data = JsonNodeFactory.instance.objectNode().put("state", "error");
            data.put("message", "The node agent was restarted while the cell ran");
            spool.append(runId, "finished", System.currentTimeMillis(), data);
        }
    }

    /** Carries out an order; frames that only agents send are ignored. */
    public void handle(WorkMessage message) {
        if (message instanceof WorkMessage.Execute execute) {
            execute(execute);
        } else if (message instanceof WorkMessage.Cancel cancel) {
            kernels.values().forEach(kernel -> kernel.cancel(cancel.runId(), "The run was canceled"));
        } else if (message instanceof WorkMessage.RestartKernel restart) {
            NotebookKernel kernel = kernels.get(restart.kernelId());
            if (kernel != null) {
                kernel.restart(restart.sessionId());
            }
        } else if (message instanceof WorkMessage.StopKernel stop) {
            NotebookKernel kernel = kernels.remove(stop.kernelId());
            if (kernel != null) {
                kernel.stop("The kernel was stopped");
            }
        } else if (message instanceof WorkMessage.Request request) {
            answer(request);
        }
    }

    private void execute(WorkMessage.Execute order) {
        long runId = order.runId();
        if (past.get(runId) == Outcome.DECLINED) {
            desk.passing().accept(new WorkMessage.Declined(runId));
            return;
        }
        if (open.contains(runId) || past.containsKey(runId) || spool.holds(runId)) {
            resend.accept(runId);
            return;
        }
        if (stopped) {
            decline(runId);
            return;
        }
        open.add(runId);
        var output = new RunOutput(runId, desk.loop(), spool, uploads, limits);
        var run = new Run(
                order,
                output,
                () -> {
                    open.remove(runId);
                    past.put(runId, Outcome.ENDED);
                    active = System.currentTimeMillis();
                },
                () -> decline(runId));
        kernels.computeIfAbsent(order.kernelId(), id -> new NotebookKernel(order, desk))
                .submit(run);
        desk.changed().run();
    }

    private void decline(long runId) {
        open.remove(runId);
        past.put(runId, Outcome.DECLINED);
        desk.passing().accept(new WorkMessage.Declined(runId));
    }

    private void answer(WorkMessage.Request request) {
        NotebookKernel kernel = kernels.get(request.kernelId());
        KernelProcess process = kernel == null ? null : kernel.assistant().orElse(null);
        if (process == null) {
            reply(request, null, "The kernel is not running");
            return;
        }
        CodeAssist.ask(process, request)
                .whenCompleteAsync(
                        (data, failure) -> reply(request, data, failure == null ? null : "The kernel gave no answer"),
                        desk.loop());
    }

    private void reply(WorkMessage.Request request, @Nullable JsonNode data, @Nullable String error) {
        desk.passing().accept(new WorkMessage.Reply(request.id(), data, error));
    }

    /** The driver became ready or was lost. */
    public void driverChanged() {
        for (NotebookKernel kernel : List.copyOf(kernels.values())) {
            if (desk.driver().state() == DriverState.FAILED) {
                kernel.driverLost("driver lost: " + desk.driver().message());
            } else {
                kernel.pump();
            }
        }
    }

    public void stopAll(String why) {
        stopped = true;
        kernels.values().forEach(kernel -> kernel.stop(why));
    }

    public List<WorkMessage.KernelInfo> infos() {
        return kernels.values().stream().map(NotebookKernel::info).toList();
    }

    /** Kernels with a process. */
    public int running() {
        return (int) kernels.values().stream().filter(NotebookKernel::running).count();
    }

    /** Since when nothing was executed; null while something is. */
    public @Nullable Long idleSince() {
        return kernels.values().stream().anyMatch(NotebookKernel::busy) ? null : active;
    }

    /** The runs of {@code hello}: what the spool holds, and what is executing without a record yet. */
    public List<WorkMessage.RunInfo> runs() {
        List<WorkMessage.RunInfo> runs = new ArrayList<>(spool.runs());
        for (long runId : open) {
            if (runs.stream().noneMatch(run -> run.runId() == runId)) {
                runs.add(new WorkMessage.RunInfo(runId, 0, false));
            }
        }
        return runs;
    }
}
