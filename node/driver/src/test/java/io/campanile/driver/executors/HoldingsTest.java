package io.campanile.driver.executors;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.scheduler.SparkListenerBlockUpdated;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerUnpersistRDD;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BlockUpdatedInfo;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import scala.Option;

final class HoldingsTest {
    private final Holdings holdings = new Holdings();

    @Test
    void cachedBlocksCountUntilTheyAreDropped() {
        update("1", 1, 0, StorageLevel.MEMORY_AND_DISK(), 10, 5);
        update("1", 1, 1, StorageLevel.MEMORY_ONLY(), 7, 0);
        update("1", 2, 0, StorageLevel.MEMORY_ONLY(), 100, 0);
        update("2", 1, 2, StorageLevel.MEMORY_ONLY(), 1, 0);
        assertThat(holdings.cachedBytes("1")).isEqualTo(122);

        update("1", 1, 1, StorageLevel.NONE(), 0, 0);
        assertThat(holdings.cachedBytes("1")).isEqualTo(115);
        holdings.onUnpersistRDD(new SparkListenerUnpersistRDD(2));
        assertThat(holdings.cachedBytes("1")).isEqualTo(15);
        assertThat(holdings.cachedBytes("2")).isEqualTo(1);
        holdings.onExecutorRemoved(new SparkListenerExecutorRemoved(0, "1", "killed"));

        assertThat(holdings.cachedBytes("1")).isZero();
        assertThat(holdings.cachedBytes("2")).isEqualTo(1);
    }

    private void update(String executor, int rdd, int part, StorageLevel level, long memory, long disk) {
        holdings.onBlockUpdated(new SparkListenerBlockUpdated(new BlockUpdatedInfo(
                BlockManagerId.apply(executor, "127.0.0.1", 1, Option.empty()),
                new RDDBlockId(rdd, part),
                level,
                memory,
                disk)));
    }
}
