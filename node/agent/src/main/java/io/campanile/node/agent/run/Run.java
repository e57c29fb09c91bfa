package io.campanile.node.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.node.agent.kernel.KernelProcess;
import io.campanile.node.protocol.WorkMessage;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One execution of a cell while the agent has it. Belongs to the agent's loop. */
final class Run {
    final WorkMessage.Execute order;
    final RunOutput output;
    /** The id of its execute_request, by which its output is known. */
    final String messageId = UUID.randomUUID().toString();

    /** The kernel it was sent to, null before. */
    @Nullable
    KernelProcess kernel;

    @Nullable
    JsonNode reply;

    boolean idle;
    boolean finished;

    /** Why it was asked to stop, null when it was not. */
    @Nullable
    String canceled;

    /** What to do when its last record is in the spool's hands. */
    final Runnable ended;

    /** What to do instead when it has not begun and cannot on this node. */
    final Runnable declined;

    Run(WorkMessage.Execute order, RunOutput output, Runnable ended, Runnable declined) {
        this.order = order;
        this.output = output;
        this.ended = ended;
        this.declined = declined;
    }

    long id() {
        return order.runId();
    }
}
