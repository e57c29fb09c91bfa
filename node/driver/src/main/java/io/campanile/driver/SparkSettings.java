package io.campanile.driver;

import io.campanile.driver.executors.CampanileMaster;
import io.campanile.driver.executors.ClusterSecret;
import io.campanile.node.files.dbfs.DbfsSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Spark configuration of a driver: defaults a cluster may override, and what stays fixed whatever it asks. */
final class SparkSettings {
    private static final String DELTA_EXTENSION = "io.delta.sql.DeltaSparkSessionExtension";
    private static final String LIBRARY_EXTENSION = LibraryExtension.class.getName();

    private SparkSettings() {}

    static Map<String, String> of(DriverConfig config, int cores) {
        Map<String, String> settings = defaults(cores);
        settings.putAll(config.sparkConf());
        settings.putAll(fixed(config, settings.get("spark.sql.extensions")));
        return settings;
    }

    private static Map<String, String> defaults(int cores) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.sql.shuffle.partitions", Integer.toString(Math.max(4, 2 * cores)));
        settings.put("spark.sql.adaptive.enabled", "true");
        settings.put("spark.sql.session.timeZone", "Etc/UTC");
        settings.put("spark.sql.sources.default", "delta");
        settings.put("spark.sql.legacy.createHiveTableByDefault", "false");
        // The in-memory catalog forgets partitions with the process; the files of a table do not.
        settings.put("spark.sql.hive.manageFilesourcePartitions", "false");
        // A table's log is replayed by this many tasks: 50, made for large clusters, cost seconds on two cores.
        settings.put("spark.databricks.delta.snapshotPartitions", "2");
        settings.put("spark.sql.sources.parallelPartitionDiscovery.parallelism", Integer.toString(2 * cores));
        settings.put("spark.sql.streaming.forceDeleteTempCheckpointLocation", "true");
        settings.put("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
        settings.put("spark.cleaner.referenceTracking.cleanCheckpoints", "true");
        settings.put("spark.ui.showConsoleProgress", "false");
        settings.put("spark.connect.progress.reportInterval", "200ms");
        return settings;
    }

    private static Map<String, String> fixed(DriverConfig config, @Nullable String extensions) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spark.master", config.clusterSecret() == null ? "local[*]" : CampanileMaster.URL);
        settings.put("spark.app.name", "campanile");
        settings.put("spark.driver.host", "127.0.0.1");
        settings.put("spark.driver.bindAddress", "127.0.0.1");
        settings.put("spark.ui.enabled", "false");
        settings.put("spark.master.rest.enabled", "false");
        settings.put("spark.plugins", "org.apache.spark.sql.connect.SparkConnectPlugin");
        settings.put("spark.connect.grpc.binding.address", "127.0.0.1");
        settings.put("spark.connect.grpc.binding.port", "0");
        settings.put("spark.connect.authenticate.token", config.token());
        // A notebook keeps its session as long as its kernel lives: the agent closes it, not the clock.
        settings.put("spark.connect.session.manager.defaultSessionTimeout", "-1");
        settings.put("spark.sql.catalogImplementation", "in-memory");
        settings.put("spark.sql.extensions", extensions(extensions));
        settings.put("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
        // Said in full: a bare path is one of the workspace's files.
        settings.put(
                "spark.sql.warehouse.dir",
                "file:" + Path.of(config.warehouseDir()).toAbsolutePath());
        settings.put("spark.local.dir", config.localDir());
        if (config.filesDir() != null) {
            settings.putAll(DbfsSettings.ofSpark());
        }
        settings.putAll(ClusterSecret.authentication());
        if (config.clusterSecret() != null) {
            settings.putAll(ClusterSecret.ofDriver());
        }
        return settings;
    }

    private static String extensions(@Nullable String asked) {
        String own = DELTA_EXTENSION + "," + LIBRARY_EXTENSION;
        if (asked == null || asked.isBlank()) {
            return own;
        }
        return asked.contains(DELTA_EXTENSION) ? LIBRARY_EXTENSION + "," + asked : own + "," + asked;
    }
}
