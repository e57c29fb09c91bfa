package io.campanile.node.agent;

import io.campanile.node.agent.driver.Driver;
import io.campanile.node.agent.kernel.KernelPool;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.agent.library.Libraries;
import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.run.Notebooks;
import io.campanile.node.protocol.ControlMessage.NodeStatus;
import io.campanile.node.protocol.ControlMessage.ProcessInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a driver node says of itself: its processes and how they are. Belongs to the agent's loop. */
record NodeReport(Driver driver, KernelPool kernels, Libraries libraries, long started) {
    /** {@code notebooks} is null before the node is assigned; it has been idle since its start then. */
    NodeStatus status(@Nullable Notebooks notebooks) {
        List<ProcessInfo> processes = new ArrayList<>();
        processes.add(new ProcessInfo("agent", ProcessHandle.current().pid(), null, started));
        driver.process()
                .filter(ChildProcess::alive)
                .ifPresent(process ->
                        processes.add(new ProcessInfo("driver", process.pid(), driver.port(), process.started())));
        for (KernelProcess kernel : kernels.all()) {
            ChildProcess process = kernel.process();
            processes.add(new ProcessInfo("kernel", process.pid(), kernel.shellPort(), process.started()));
        }
        return new NodeStatus(
                driver.state(),
                driver.message(),
                kernels.parked(),
                notebooks == null ? 0 : notebooks.running(),
                notebooks == null ? Long.valueOf(started) : idleSince(notebooks),
                processes,
                driver.scheduler(),
                driver.load(),
                libraries.statuses(),
                null);
    }

    /** Null while anything runs, and be it only a stream that a cell began. */
    private @Nullable Long idleSince(Notebooks notebooks) {
        Long idle = notebooks.idleSince();
        return idle == null || driver.streaming() ? null : Long.valueOf(Math.max(idle, driver.streamed()));
    }
}
