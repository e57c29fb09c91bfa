package io.campanile.node.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A frame of the work stream between a node agent and notebook-service; times are milliseconds since the epoch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkMessage.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = WorkMessage.Record.class, name = "record"),
    @JsonSubTypes.Type(value = WorkMessage.Transient.class, name = "transient"),
    @JsonSubTypes.Type(value = WorkMessage.Kernel.class, name = "kernel"),
    @JsonSubTypes.Type(value = WorkMessage.Reply.class, name = "reply"),
    @JsonSubTypes.Type(value = WorkMessage.Declined.class, name = "declined"),
    @JsonSubTypes.Type(value = WorkMessage.Execute.class, name = "execute"),
    @JsonSubTypes.Type(value = WorkMessage.Cancel.class, name = "cancel"),
    @JsonSubTypes.Type(value = WorkMessage.RestartKernel.class, name = "restart_kernel"),
    @JsonSubTypes.Type(value = WorkMessage.StopKernel.class, name = "stop_kernel"),
    @JsonSubTypes.Type(value = WorkMessage.Ack.class, name = "ack"),
    @JsonSubTypes.Type(value = WorkMessage.Request.class, name = "request"),
})
public sealed interface WorkMessage {

    /** Agent: first frame of every connection; {@code runs} are those with records not yet acknowledged, or executing. */
    record Hello(String nodeId, String clusterId, long epoch, List<KernelInfo> kernels, List<RunInfo> runs)
            implements WorkMessage {}

    /** Agent: record {@code seq} (1.., no gaps) of a run, already fsynced to the spool. */
    record Record(long runId, long seq, long at, String kind, JsonNode data) implements WorkMessage {}

    /** Agent: news of a run that is not kept, such as Spark progress. */
    record Transient(long runId, String kind, JsonNode data) implements WorkMessage {}

    /** Agent: a kernel changed its state. */
    record Kernel(KernelInfo kernel) implements WorkMessage {}

    /** Agent: the answer to {@code request}; exactly one of data and error is set. */
    record Reply(
            String id, @Nullable JsonNode data, @Nullable String error) implements WorkMessage {}

    /** Agent: it has not begun this run and never will; another node of the cluster may have it. */
    record Declined(long runId) implements WorkMessage {}

    /** Service: execute a cell. Idempotent by {@code runId}. {@code sessionId} is the Spark Connect session (a UUID). */
    record Execute(
            long runId,
            String kernelId,
            String sessionId,
            long notebookId,
            String notebookPath,
            String language,
            String code)
            implements WorkMessage {}

    /** Service: interrupt a run, or drop it when it has not begun. */
    record Cancel(long runId) implements WorkMessage {}

    /** Service: end the kernel process and start a new one of the same id with another Spark session. */
    record RestartKernel(String kernelId, String sessionId) implements WorkMessage {}

    /** Service: end the kernel process for good. */
    record StopKernel(String kernelId) implements WorkMessage {}

    /** Service: everything of the run up to {@code seq} is stored. */
    record Ack(long runId, long seq) implements WorkMessage {}

    /** Service: {@code op} is "complete" or "inspect" of {@code code} at {@code cursor} (UTF-16 offset). */
    record Request(String id, String kernelId, String op, String code, int cursor) implements WorkMessage {}

    /** A kernel as the agent knows it. */
    record KernelInfo(
            String kernelId,
            long notebookId,
            KernelState state,
            @Nullable String reason) {}

    /** The life of a kernel process. */
    enum KernelState {
        STARTING,
        IDLE,
        BUSY,
        RESTARTING,
        DEAD
    }

    /** A run as the spool knows it; {@code finished} when its last record is written. */
    record RunInfo(long runId, long lastSeq, boolean finished) {}
}
