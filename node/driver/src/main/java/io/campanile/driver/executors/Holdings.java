package io.campanile.driver.executors;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.CleanerListener;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerUnpersistRDD;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockUpdatedInfo;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.ShuffleDataBlockId;

/**
 * What each executor holds that would be missed, and when it last ended a task, told from Spark's events. Shuffle output
 * counts until Spark has found that nothing can read it any more.
 */
final class Holdings extends SparkListener implements CleanerListener {
    private final Map<String, Long> lastEnd = new HashMap<>();
    private final Map<String, Map<RDDBlockId, Long>> cached = new HashMap<>();
    private final Map<Integer, Integer> shuffleOfStage = new HashMap<>();
    private final Map<Integer, Map<Long, Output>> outputs = new HashMap<>();

    /** What one task wrote for later stages, and where it is. */
    private record Output(String executor, long bytes) {}

    /** When a task last ended on it, 0 when none has. */
    synchronized long lastEnd(String executor) {
        return lastEnd.getOrDefault(executor, 0L);
    }

    synchronized long cachedBytes(String executor) {
        return cached.getOrDefault(executor, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    synchronized Map<String, Long> shuffleBytes() {
        Map<String, Long> bytes = new HashMap<>();
        outputs.values()
                .forEach(
                        tasks -> tasks.values().forEach(each -> bytes.merge(each.executor(), each.bytes(), Long::sum)));
        return bytes;
    }

    @Override
    public synchronized void onStageSubmitted(SparkListenerStageSubmitted event) {
        var shuffle = event.stageInfo().shuffleDepId();
        if (shuffle.isDefined()) {
            shuffleOfStage.put(event.stageInfo().stageId(), (Integer) shuffle.get());
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd event) {
        String executor = event.taskInfo().executorId();
        lastEnd.merge(executor, event.taskInfo().finishTime(), Math::max);
        Integer shuffle = shuffleOfStage.get(event.stageId());
        if (shuffle == null || !event.taskInfo().successful() || event.taskMetrics() == null) {
            return;
        }
        long bytes = event.taskMetrics().shuffleWriteMetrics().bytesWritten();
        outputs.computeIfAbsent(shuffle, id -> new HashMap<>())
                .put(event.taskInfo().taskId(), new Output(executor, bytes));
    }

    @Override
    public synchronized void onBlockUpdated(SparkListenerBlockUpdated event) {
        BlockUpdatedInfo update = event.blockUpdatedInfo();
        String executor = update.blockManagerId().executorId();
        BlockId block = update.blockId();
        if (block instanceof RDDBlockId part) {
            Map<RDDBlockId, Long> parts = cached.computeIfAbsent(executor, id -> new HashMap<>());
            if (update.storageLevel().isValid()) {
                parts.put(part, update.memSize() + update.diskSize());
            } else {
                parts.remove(part);
            }
        } else if (block instanceof ShuffleDataBlockId data) {
            // The output of a task has moved to another executor.
            outputs.getOrDefault(data.shuffleId(), new HashMap<>())
                    .computeIfPresent(data.mapId(), (task, output) -> new Output(executor, output.bytes()));
        }
    }

    @Override
    public synchronized void onUnpersistRDD(SparkListenerUnpersistRDD event) {
        cached.values().forEach(parts -> parts.keySet().removeIf(part -> part.rddId() == event.rddId()));
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        String executor = event.executorId();
        lastEnd.remove(executor);
        cached.remove(executor);
        outputs.values()
                .forEach(tasks ->
                        tasks.values().removeIf(output -> output.executor().equals(executor)));
    }

    @Override
    public synchronized void shuffleCleaned(int shuffle) {
        outputs.remove(shuffle);
        shuffleOfStage.values().removeIf(id -> id == shuffle);
    }

    @Override
    public void rddCleaned(int rdd) {}

    @Override
    public void broadcastCleaned(long broadcast) {}

    @Override
    public void accumCleaned(long accumulator) {}

    @Override
    public void checkpointCleaned(long rdd) {}
}
