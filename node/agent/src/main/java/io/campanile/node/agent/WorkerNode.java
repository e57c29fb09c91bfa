package io.campanile.node.agent;

import io.campanile.node.agent.executor.SparkExecutor;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.protocol.ControlMessage;
import io.campanile.node.protocol.ControlMessage.Assignment;
import io.campanile.node.protocol.ControlMessage.Join;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.ControlMessage.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that works for the driver of another: one executor, which is started once and only once the node has its cluster.
 * An executor's id is good for one process, so a worker whose agent begins anew is of no use any more.
 */
final class WorkerNode implements NodeRole {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);

    private final Surroundings node;
    private final NodeConfig.Worker worker;
    private final SparkExecutor executor;
    private boolean assigned;
    private boolean joined;
    private boolean stopping;

    WorkerNode(Surroundings node, NodeConfig.Worker worker) {
        this.node = node;
        this.worker = worker;
        this.executor = new SparkExecutor(node.loop(), node.changed());
    }

    @Override
    public void start() {
        if (Files.exists(ExecutorLaunch.settings(node.config()))) {
            joined = true;
            executor.fail("The agent of this worker ended, and its executor with it");
        }
    }

    @Override
    public void assigned(Assignment assignment) {
        if (assigned || stopping) {
            return;
        }
        try {
            WorkspaceFiles.link(node.config(), assignment);
        } catch (IOException e) {
            LOG.error("The workspace's files cannot be reached", e);
        }
        new FilesToken(node.http(), node.endpoints(), node.config(), node.token(), node.loop())
                .keep(Path.of(assignment.filesRoot()));
        assigned = true;
    }

    @Override
    public void order(ControlMessage order) {
        if (order instanceof Join join) {
            join(join);
        }
    }

    private void join(Join join) {
        if (!assigned || joined || stopping) {
            LOG.atInfo().addKeyValue("driver", join.url()).log("An order to join is ignored");
            return;
        }
        joined = true;
        try {
            LOG.atInfo().addKeyValue("driver", join.url()).log("Worker joins");
            executor.start(ExecutorLaunch.command(node.config(), worker, node.distribution(), join));
        } catch (IOException e) {
            executor.fail("The executor was not started: " + e.getMessage());
        }
    }

    @Override
    public NodeStatus status() {
        List<ProcessInfo> processes = new ArrayList<>();
        processes.add(new ProcessInfo("agent", ProcessHandle.current().pid(), null, node.started()));
        executor.process()
                .filter(ChildProcess::alive)
                .ifPresent(
                        process -> processes.add(new ProcessInfo("executor", process.pid(), null, process.started())));
        // It runs no cells: whether the cluster is idle is the driver node's to say.
        return new NodeStatus(executor.state(), executor.message(), 0, 0, node.started(), processes);
    }

    @Override
    public void stop(String reason, Duration grace) {
        stopping = true;
        executor.end(grace);
    }

    @Override
    public boolean ended() {
        return !executor.alive();
    }

    @Override
    public void killAll() {
        executor.kill();
    }

    @Override
    public void close() {
        killAll();
    }
}
