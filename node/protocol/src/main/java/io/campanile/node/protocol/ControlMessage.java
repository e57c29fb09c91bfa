package io.campanile.node.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A frame of the control stream between a node agent and cluster-manager; times are milliseconds since the epoch. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "t")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ControlMessage.Hello.class, name = "hello"),
    @JsonSubTypes.Type(value = ControlMessage.Status.class, name = "status"),
    @JsonSubTypes.Type(value = ControlMessage.Bye.class, name = "bye"),
    @JsonSubTypes.Type(value = ControlMessage.Welcome.class, name = "welcome"),
    @JsonSubTypes.Type(value = ControlMessage.Assign.class, name = "assign"),
    @JsonSubTypes.Type(value = ControlMessage.Stop.class, name = "stop"),
    @JsonSubTypes.Type(value = ControlMessage.Join.class, name = "join"),
    @JsonSubTypes.Type(value = ControlMessage.Decommission.class, name = "decommission"),
    @JsonSubTypes.Type(value = ControlMessage.Libraries.class, name = "libraries"),
})
public sealed interface ControlMessage {

    /** Agent: first frame of every connection. {@code assignment} is null until the node has a cluster. */
    record Hello(
            String nodeId, long pid, long started, @Nullable Assignment assignment, NodeStatus status)
            implements ControlMessage {}

    /** Agent: on every change and at least every 5 s. It is the heartbeat. */
    record Status(NodeStatus status) implements ControlMessage {}

    /** Agent: it is going away by itself. */
    record Bye(String reason) implements ControlMessage {}

    /** Manager: the answer to {@code hello}; carries a fresh work token when the node is assigned. */
    record Welcome(@Nullable String workToken) implements ControlMessage {}

    /** Manager: gives the node its cluster, once in its life; repeated with a fresh {@code workToken} to renew it. */
    record Assign(Assignment assignment, String workToken) implements ControlMessage {}

    /** Manager: stop every process of this node and exit. */
    record Stop(String reason) implements ControlMessage {}

    /**
     * Manager, to a worker node: the driver its executor works for. Said once the driver is ready, and again after every
     * {@code hello}; a worker that has joined ignores it. {@code url} and {@code appId} are the driver's {@link Scheduler}.
     */
    record Join(String url, String appId) implements ControlMessage {}

    /**
     * Manager, to a driver node: takes executors out. Each ends once its running tasks have ended and its shuffle and
     * cached blocks are with others; one that is out already is ignored.
     */
    record Decommission(List<String> executorIds) implements ControlMessage {
        public Decommission {
            executorIds = present(executorIds);
        }
    }

    /**
     * Manager, to a driver node: every library its cluster is to have, in the order they were asked for, before the
     * {@code assign} of a node that has none yet. What is named again is not installed again; a node takes none out.
     *
     * @param mostBytes that all jars of one library may have
     * @param seconds that the installation of one library may take
     */
    record Libraries(List<Library> libraries, long mostBytes, long seconds) implements ControlMessage {
        public Libraries {
            libraries = present(libraries);
        }
    }

    /**
     * A library: either a jar of the workspace's files, or an artifact of a Maven repository.
     *
     * @param id that of its status; another attempt at the same has another
     * @param jar {@code /Volumes/...}, or {@code /...} for what is in {@code dbfs:/}
     * @param repositories asked in this order
     */
    record Library(
            String id,
            @Nullable String jar,
            @Nullable String coordinates,
            List<String> exclusions,
            List<String> repositories) {
        public Library {
            exclusions = present(exclusions);
            repositories = present(repositories);
        }
    }

    /** How far a library is; {@code messages} say what went wrong, and what was left out. */
    record LibraryStatus(String id, LibraryState state, List<String> messages) {
        public LibraryStatus {
            messages = present(messages);
        }
    }

    /** The life of a library on a node. */
    enum LibraryState {
        PENDING,
        RESOLVING,
        INSTALLING,
        INSTALLED,
        FAILED
    }

    /** What a node belongs to. {@code filesRoot} is the workspace's file folder as this node sees it. */
    record Assignment(
            String clusterId,
            String clusterName,
            long workspaceId,
            long ownerUserId,
            String ownerUserName,
            long epoch,
            String filesRoot) {}

    /**
     * What a node reports of itself. {@code idleSince} is null while a run executes or a kernel is busy.
     *
     * @param driver of a worker node: its executor
     * @param scheduler where executors report to; null until the driver is ready, and without workers
     * @param load what the driver's scheduler has to do; null without workers
     * @param libraries those it was told of
     * @param usage what the node takes and its machine has left, as it was measured last; null before
     */
    record NodeStatus(
            DriverState driver,
            @Nullable String driverMessage,
            int parkedKernels,
            int kernels,
            @Nullable Long idleSince,
            List<ProcessInfo> processes,
            @Nullable Scheduler scheduler,
            @Nullable Load load,
            List<LibraryStatus> libraries,
            @Nullable Usage usage) {
        public NodeStatus {
            processes = present(processes);
            libraries = present(libraries).stream()
                    .filter(library -> library.id() != null && library.state() != null)
                    .toList();
        }

        /** Of a node without libraries. */
        public NodeStatus(
                DriverState driver,
                @Nullable String driverMessage,
                int parkedKernels,
                int kernels,
                @Nullable Long idleSince,
                List<ProcessInfo> processes,
                @Nullable Scheduler scheduler,
                @Nullable Load load) {
            this(driver, driverMessage, parkedKernels, kernels, idleSince, processes, scheduler, load, List.of(), null);
        }

        /** Of a node without workers. */
        public NodeStatus(
                DriverState driver,
                @Nullable String driverMessage,
                int parkedKernels,
                int kernels,
                @Nullable Long idleSince,
                List<ProcessInfo> processes) {
            this(driver, driverMessage, parkedKernels, kernels, idleSince, processes, null, null);
        }

        public NodeStatus withUsage(@Nullable Usage measured) {
            return new NodeStatus(
                    driver,
                    driverMessage,
                    parkedKernels,
                    kernels,
                    idleSince,
                    processes,
                    scheduler,
                    load,
                    libraries,
                    measured);
        }
    }

    /**
     * What a node takes and its machine has left. Measured every 10 s; the same measurement is in every status until the
     * next one.
     *
     * @param at when it was measured
     * @param cores that the node's processes kept busy since the time before
     * @param machineCores there are
     * @param machineBusy share of the machine's cores that was busy, from 0 to 1
     * @param memory bytes that the node's processes have in memory
     * @param machineMemory bytes the machine has
     * @param machineMemoryFree bytes of it that can still be given out
     * @param disk bytes below the node's folder
     * @param diskFree bytes that its file system has left
     * @param received bytes a second through the interfaces of the machine, loopback left out
     * @param sent likewise
     */
    record Usage(
            long at,
            double cores,
            int machineCores,
            double machineBusy,
            long memory,
            long machineMemory,
            long machineMemoryFree,
            long disk,
            long diskFree,
            double received,
            double sent) {}

    /** Where the executors of a cluster find their driver, and the Spark application they work for. */
    record Scheduler(String url, String appId) {}

    /** Tasks that wait for a free core, tasks that run, and the executors there are. */
    record Load(int pendingTasks, int runningTasks, List<ExecutorLoad> executors) {
        public Load {
            executors = present(executors).stream()
                    .filter(executor -> executor.executorId() != null)
                    .toList();
        }
    }

    /**
     * One executor as the driver knows it.
     *
     * @param idleSince null while a task runs on it
     * @param cachedBytes memory and disk that cached blocks take
     * @param shuffleBytes shuffle output that later stages may still read; null when it is not known
     * @param leaving it is being decommissioned and gets no more tasks
     */
    record ExecutorLoad(
            String executorId,
            int cores,
            int runningTasks,
            @Nullable Long idleSince,
            long cachedBytes,
            @Nullable Long shuffleBytes,
            boolean leaving) {}

    /** The life of the process a node is there for: the driver, or a worker's executor. */
    enum DriverState {
        STARTING,
        READY,
        FAILED,
        /** An executor that was decommissioned has ended as it should. */
        ENDED
    }

    /** One operating system process; {@code role} as in run/state.json, {@code port} null when it listens on none. */
    record ProcessInfo(String role, long pid, @Nullable Integer port, long started) {}

    /** What a frame leaves out, or says nothing in, is empty. */
    private static <T> List<T> present(@Nullable List<T> sent) {
        return sent == null ? List.of() : sent.stream().filter(Objects::nonNull).toList();
    }
}
