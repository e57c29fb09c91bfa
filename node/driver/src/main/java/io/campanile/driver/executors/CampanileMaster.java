package io.campanile.driver.executors;

import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.ExternalClusterManager;
import org.apache.spark.scheduler.SchedulerBackend;
import org.apache.spark.scheduler.TaskScheduler;
import org.apache.spark.scheduler.TaskSchedulerImpl;

/**
 * Makes {@code campanile} a master. It asks nobody for executors: whichever knows the cluster's secret registers, and how
 * many there are is decided by cluster-manager, which starts their nodes. Found by Spark as a service.
 */
public final class CampanileMaster implements ExternalClusterManager {
    /** As {@code spark.master} has it. */
    public static final String URL = "campanile";

    @Override
    public boolean canCreate(String master) {
        return URL.equals(master);
    }

    @Override
    public TaskScheduler createTaskScheduler(SparkContext context, String master) {
        return new TaskSchedulerImpl(context);
    }

    @Override
    public SchedulerBackend createSchedulerBackend(SparkContext context, String master, TaskScheduler scheduler) {
        return new JoinedExecutors((TaskSchedulerImpl) scheduler, context.env().rpcEnv());
    }

    @Override
    public void initialize(TaskScheduler scheduler, SchedulerBackend backend) {
        ((TaskSchedulerImpl) scheduler).initialize(backend);
    }
}
