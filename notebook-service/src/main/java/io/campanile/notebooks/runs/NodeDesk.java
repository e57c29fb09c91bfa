package io.campanile.notebooks.runs;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import io.campanile.node.protocol.WorkMessage;
import io.campanile.notebooks.kernels.KernelChannel;
import io.campanile.notebooks.kernels.KernelService;
import io.campanile.notebooks.nodes.NodeIdentity;
import io.campanile.notebooks.nodes.NodeListener;
import io.campanile.notebooks.nodes.NodeStream;
import io.campanile.notebooks.nodes.RecordGapException;
import io.campanile.notebooks.nodes.WorkRoutes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where the frames of nodes go: records to the intake, states to kernels, answers to whoever asked. */
final class NodeDesk implements NodeListener, WorkRoutes.RunsOfNodes {
    private final RunStore runs;
    private final RecordIntake intake;
    private final KernelService kernels;
    private final KernelChannel questions;
    private final OutputFeed feed;
    private final java.util.function.LongConsumer wakeWorkspace;
    /** Runs that nodes have now: progress is shown without asking the database. */
    private final Map<Long, Run> executing = new ConcurrentHashMap<>();

    private final Consumer<Run> withdrawn;

    /** What the frames are for. */
    record Targets(
            RunStore runs, RecordIntake intake, KernelService kernels, KernelChannel questions, OutputFeed feed) {}

    /** @param withdrawn told of a run that waits again, because its node would not have it */
    NodeDesk(Targets targets, java.util.function.LongConsumer wakeWorkspace, Consumer<Run> withdrawn) {
        this.runs = targets.runs();
        this.intake = targets.intake();
        this.kernels = targets.kernels();
        this.questions = targets.questions();
        this.feed = targets.feed();
        this.wakeWorkspace = requireNonNull(wakeWorkspace, "wakeWorkspace");
        this.withdrawn = requireNonNull(withdrawn, "withdrawn");
    }

    /** A run was given to a node. */
    void given(Run run) {
        executing.put(run.runId(), run);
    }

    void ended(Run run) {
        executing.remove(run.runId());
    }

    @Override
    public void connected(NodeStream node, WorkMessage.Hello hello) {
        kernels.connected(node, hello.kernels());
        List<Long> ids = hello.runs().stream().map(WorkMessage.RunInfo::runId).toList();
        Map<Long, Run> known = runs.findAll(node.node().workspaceId(), ids).stream()
                .collect(Collectors.toMap(Run::runId, Function.identity()));
        for (WorkMessage.RunInfo reported : hello.runs()) {
            Run run = known.get(reported.runId());
            if (run != null && !run.state().ended() && isFrom(run, node.node())) {
                given(run);
            } else if (!reported.finished()) {
                // Over for this service: nobody waits for it, and it holds up the kernel.
                node.send(new WorkMessage.Cancel(reported.runId()));
            }
        }
    }

    @Override
    public void ready(NodeStream node) {
        wakeWorkspace.accept(node.node().workspaceId());
    }

    @Override
    public Map<Long, Long> records(NodeStream node, List<WorkMessage.Record> records) throws RecordGapException {
        return intake.store(node.node(), records);
    }

    @Override
    public void kernel(NodeStream node, WorkMessage.KernelInfo kernel) {
        kernels.report(node.node(), kernel);
    }

    @Override
    public void declined(NodeStream node, long runId) {
        NodeIdentity from = node.node();
        runs.withdraw(from.workspaceId(), runId, from.clusterId(), from.epoch()).ifPresent(withdrawn);
    }

    @Override
    public void passing(NodeStream node, WorkMessage.Transient news) {
        Run run = executing.get(news.runId());
        if (run == null || !isFrom(run, node.node()) || !news.kind().equals("progress")) {
            return;
        }
        ObjectNode frame = Json.MAPPER.createObjectNode().put("t", "progress").put("run_id", run.runId());
        frame.set("progress", news.data());
        feed.frame(run.key(), frame);
    }

    @Override
    public void replied(NodeStream node, WorkMessage.Reply reply) {
        questions.replied(node, reply);
    }

    @Override
    public void disconnected(NodeStream node) {
        questions.disconnected(node);
    }

    @Override
    public long notebookOf(NodeIdentity node, long runId) {
        return runs.find(node.workspaceId(), runId)
                .filter(run -> isFrom(run, node))
                .map(Run::notebookId)
                .orElseThrow(() -> ApiException.notFound("Run " + runId + " is not one of this node"));
    }

    private static boolean isFrom(Run run, NodeIdentity node) {
        Long epoch = run.epoch();
        return epoch != null && epoch == node.epoch() && node.clusterId().equals(run.clusterId());
    }
}
