package io.campanile.driver.executors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.scheduler.ExecutorDecommissionInfo;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.cluster.CoarseGrainedClusterMessages;
import org.apache.spark.scheduler.cluster.CoarseGrainedSchedulerBackend;
import org.apache.spark.scheduler.cluster.ExecutorData;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The executors that have registered. It is ready without any: a notebook can be used at once, and its tasks wait for the
 * first executor.
 */
final class JoinedExecutors extends CoarseGrainedSchedulerBackend {
    private final TaskSchedulerImpl scheduler;
    private final RpcEnv rpc;

    /** One of them; {@code leaving} when it gets no more tasks. */
    record Joined(String id, int cores, long since, boolean leaving) {}

    JoinedExecutors(TaskSchedulerImpl scheduler, RpcEnv rpc) {
        super(scheduler, rpc);
        this.scheduler = scheduler;
        this.rpc = rpc;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    /** How many there are is not for Spark to say. */
    @Override
    public Future<Object> doRequestTotalExecutors(
            scala.collection.immutable.Map<org.apache.spark.resource.ResourceProfile, Object> totals) {
        return Future.successful(false);
    }

    /** Spark gives up executors it no longer hears. Each is told to end; that it has tells cluster-manager. */
    @Override
    public Future<Object> doKillExecutors(Seq<String> ids) {
        Map<String, ExecutorData> known = known();
        for (String id : CollectionConverters.asJava(ids)) {
            ExecutorData executor = known.get(id);
            if (executor != null) {
                executor.executorEndpoint().send(CoarseGrainedClusterMessages.StopExecutor$.MODULE$);
            }
        }
        return Future.successful(true);
    }

    /** Where executors register. */
    String url() {
        return "spark://" + ENDPOINT_NAME() + "@" + rpc.address().hostPort();
    }

    /** Those that are there at this moment. */
    List<Joined> joined() {
        List<Joined> joined = new ArrayList<>();
        // In this order, as Spark's own code takes both.
        synchronized (scheduler) {
            synchronized (this) {
                known().forEach((id, executor) -> joined.add(new Joined(
                        id,
                        executor.totalCores(),
                        executor.registrationTs(),
                        executorsPendingDecommission().contains(id)
                                || executorsPendingToRemove().contains(id))));
            }
        }
        return joined;
    }

    /** Takes executors out: one on its way out is left alone, one that has not registered goes as soon as it has. */
    void decommission(List<String> ids) {
        // No host is named: the others of the same machine keep their blocks.
        var reason = new ExecutorDecommissionInfo("The cluster gets smaller", Option.empty());
        @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types.
        Tuple2<String, ExecutorDecommissionInfo>[] leaving =
                ids.stream().map(id -> new Tuple2<>(id, reason)).toArray(Tuple2[]::new);
        decommissionExecutors(leaving, false, false);
    }

    /** Sends something of ours to every executor; one that is gone misses it. */
    void tellAll(Object message) {
        List<ExecutorData> all;
        synchronized (scheduler) {
            synchronized (this) {
                all = new ArrayList<>(known().values());
            }
        }
        all.forEach(executor -> executor.executorEndpoint().send(message));
    }

    private Map<String, ExecutorData> known() {
        return CollectionConverters.asJava(
                org$apache$spark$scheduler$cluster$CoarseGrainedSchedulerBackend$$executorDataMap());
    }
}
