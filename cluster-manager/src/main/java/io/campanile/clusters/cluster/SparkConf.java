package io.campanile.clusters.cluster;

import io.campanile.clusters.policy.SparkKey;
import io.campanile.common.errors.ApiException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Which Spark settings a user may give: an allow-list of exact keys, because Spark loads classes, opens ports and reads
 * files by its settings and has several spellings of many of them.
 */
final class SparkConf {
    private static final Pattern MASTER = Pattern.compile("local(\\[(\\*|[1-9][0-9]?)(,\\s*[0-9]+)?])?");
    private static final int VALUE_LIMIT = 1024;

    /** Said by clients about single-node clusters; it is so anyway and never reaches Spark. */
    private static final Set<String> ACCEPTED_ONLY = Set.of("master", "databricks.cluster.profile");

    private static final Set<String> ALLOWED = Set.of(
            "broadcast.compress",
            "cleaner.periodicGC.interval",
            "databricks.delta.autoCompact.enabled",
            "databricks.delta.merge.repartitionBeforeWrite.enabled",
            "databricks.delta.optimizeWrite.enabled",
            "databricks.delta.preview.enabled",
            "databricks.delta.retentionDurationCheck.enabled",
            "databricks.delta.schema.autoMerge.enabled",
            "databricks.delta.snapshotPartitions",
            "default.parallelism",
            "io.compression.codec",
            "kryoserializer.buffer",
            "kryoserializer.buffer.max",
            "locality.wait",
            "memory.fraction",
            "memory.storageFraction",
            "rdd.compress",
            "reducer.maxSizeInFlight",
            "scheduler.mode",
            "shuffle.compress",
            "shuffle.file.buffer",
            "speculation",
            "speculation.multiplier",
            "speculation.quantile",
            "sql.adaptive.advisoryPartitionSizeInBytes",
            "sql.adaptive.coalescePartitions.enabled",
            "sql.adaptive.enabled",
            "sql.adaptive.localShuffleReader.enabled",
            "sql.adaptive.skewJoin.enabled",
            "sql.ansi.enabled",
            "sql.autoBroadcastJoinThreshold",
            "sql.broadcastTimeout",
            "sql.caseSensitive",
            "sql.cbo.enabled",
            "sql.cbo.joinReorder.enabled",
            "sql.codegen.wholeStage",
            "sql.crossJoin.enabled",
            "sql.csv.parser.columnPruning.enabled",
            "sql.execution.arrow.maxRecordsPerBatch",
            "sql.files.ignoreCorruptFiles",
            "sql.files.ignoreMissingFiles",
            "sql.files.maxPartitionBytes",
            "sql.files.maxRecordsPerFile",
            "sql.files.openCostInBytes",
            "sql.inMemoryColumnarStorage.batchSize",
            "sql.inMemoryColumnarStorage.compressed",
            "sql.join.preferSortMergeJoin",
            "sql.legacy.timeParserPolicy",
            "sql.orc.compression.codec",
            "sql.parquet.compression.codec",
            "sql.parquet.filterPushdown",
            "sql.parquet.mergeSchema",
            "sql.parquet.outputTimestampType",
            "sql.session.timeZone",
            "sql.shuffle.partitions",
            "sql.sources.default",
            "sql.sources.partitionOverwriteMode",
            "sql.statistics.histogram.enabled",
            "sql.storeAssignmentPolicy",
            "sql.streaming.minBatchesToRetain",
            "sql.timestampType",
            "task.maxFailures");

    /** Names that Spark reads nothing from: what a user keeps there, such as a secret, only their own code finds. */
    private static final Pattern OF_USERS = Pattern.compile("password|custom\\.[A-Za-z0-9_.-]{1,128}");

    private SparkConf() {}

    /** What only a single node has. */
    static void refuseSingleNode(Map<String, String> asked) {
        for (String key : asked.keySet()) {
            if (ACCEPTED_ONLY.contains(SparkKey.normal(key))) {
                throw ApiException.invalid("spark_conf." + key + " is for clusters without workers: leave it out, or"
                        + " give num_workers 0");
            }
        }
    }

    /** The settings under the one spelling Spark is given; 400 naming the key that is not allowed. */
    static Map<String, String> forDriver(Map<String, String> asked) {
        Map<String, String> settings = new TreeMap<>();
        asked.forEach((key, value) -> {
            String normal = SparkKey.normal(key);
            if (value.length() > VALUE_LIMIT || value.chars().anyMatch(Character::isISOControl)) {
                throw ApiException.invalid("spark_conf." + key + " has a value that is not allowed");
            }
            if (normal.equals("master") && !MASTER.matcher(value).matches()) {
                throw ApiException.invalid("spark_conf." + key + " must be local[*]: " + value);
            }
            if (ACCEPTED_ONLY.contains(normal)) {
                return;
            }
            SecretReference.of("spark_conf." + key, value);
            if (!ALLOWED.contains(normal) && !OF_USERS.matcher(normal).matches()) {
                throw ApiException.invalid("spark_conf." + key + " is not a setting that can be given to a cluster");
            }
            String before = settings.put("spark." + normal, value);
            if (before != null && !before.equals(value)) {
                throw ApiException.invalid("spark_conf." + key + " is given twice with different values");
            }
        });
        return settings;
    }
}
