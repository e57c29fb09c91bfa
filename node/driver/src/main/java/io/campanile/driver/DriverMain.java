package io.campanile.driver;

import io.campanile.driver.executors.ClusterExecutors;
import io.campanile.driver.executors.ClusterSecret;
import io.campanile.driver.log.Answers;
import io.campanile.driver.log.LogRedaction;
import io.campanile.driver.log.ProcessLog;
import io.campanile.node.files.dbfs.DbfsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.service.SparkConnectService$;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs embedded Spark with the Connect server until standard input closes. It says {@code {"port":N}} on standard output
 * when Connect answers, and {@code {"streams":N}} whenever another number of streaming queries runs; with workers {@code {"scheduler":{"url","app_id"}}} before it, and {@code {"load":{...}}} whenever
 * that changed. Lines on standard input: {@code {"close_session":{"user_id","session_id"}}} ends a session whose
 * kernel can no longer do it; {@code {"restore_warehouse":true}} looks for tables again, when the warehouse folder became
 * that of the node's owner, and is answered with {@code {"warehouse":true}}; {@code {"hide":[value]}} keeps values out of
 * the log from then on; {@code {"libraries":{"id","jars":[path]}}} puts jars on the class path of driver and executors and
 * is answered with {@code {"library":{"id"}}}, with {@code failed} where it could not; {@code {"decommission":{"executor_ids":[id]}}} takes executors out.
 */
public final class DriverMain {
    private static final long STOP_SECONDS = 10;
    private static final String AGGREGATE = "SELECT k, count(*) FROM (SELECT id % 3 AS k FROM range(1000)) GROUP BY k";
    private static final String TABLES = "SHOW TABLES";
    private static final String ROWS = "SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(k, v)";

    private DriverMain() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: DriverMain <driver.json>");
            System.exit(2);
        }
        Path file = Path.of(args[0]).toAbsolutePath();
        Answers answers = ProcessLog.to(file.resolveSibling("logs"), "driver");
        run(DriverConfig.read(file), answers);
    }

    private static void run(DriverConfig config, Answers answers) throws Exception {
        Logger log = LoggerFactory.getLogger(DriverMain.class);
        LogRedaction redaction = LogRedaction.install();
        Files.createDirectories(Path.of(config.warehouseDir()));
        Files.createDirectories(Path.of(config.localDir()));
        System.setProperty("HADOOP_USER_NAME", config.user());
        if (config.filesDir() != null && config.filesAccess() != null) {
            DbfsSettings.attach(config.filesDir(), config.filesAccess());
        }
        if (config.clusterSecret() != null) {
            redaction.hide(List.of(config.clusterSecret()));
            ClusterSecret.keep(config.clusterSecret());
        }
        SparkSession spark = start(config);
        ClusterExecutors executors = config.clusterSecret() == null ? null : ClusterExecutors.of(spark.sparkContext());
        var warehouse = new Warehouse(spark, Path.of(config.warehouseDir()).toAbsolutePath());
        warehouse.restore();
        Samples.register(spark, config.samplesDir());
        int port = SparkConnectService$.MODULE$.localPort();
        var probe = new ConnectProbe(port, config.token());
        probe.check();
        StreamingActivity.watch(spark, running -> answers.say("streams", running));
        announce(port, executors, answers);
        log.info("Connect answers on port {}", port);
        warmUp(probe, executors != null, log);
        new Orders(spark, warehouse, redaction, executors, answers).follow();
        stop(spark);
    }

    private static void announce(int port, @Nullable ClusterExecutors executors, Answers answers) {
        if (executors != null) {
            answers.say("scheduler", executors.scheduler());
            executors.report(load -> answers.say("load", load));
        }
        answers.say("port", port);
    }

    private static SparkSession start(DriverConfig config) {
        var builder = SparkSession.builder();
        SparkSettings.of(config, Runtime.getRuntime().availableProcessors()).forEach(builder::config);
        return builder.getOrCreate();
    }

    /** Loads in the background what the first query of a person would otherwise wait for. */
    private static void warmUp(ConnectProbe probe, boolean executorsElsewhere, Logger log) {
        var thread = new Thread(
                () -> {
                    try (probe) {
                        if (executorsElsewhere) {
                            warmUpWithoutTasks(probe);
                        } else {
                            probe.query(AGGREGATE);
                            probe.query(TABLES);
                        }
                        log.info("Warmed up");
                    } catch (RuntimeException e) {
                        log.warn("The warm-up query failed", e);
                    }
                },
                "warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * There may be no executor yet, and a task that waits for one asks for more of them: the result of a command is
     * there when it has run, rows that stand in the statement need no task either, and anything else does.
     */
    private static void warmUpWithoutTasks(ConnectProbe probe) {
        probe.command("EXPLAIN CODEGEN " + AGGREGATE);
        probe.command(TABLES);
        probe.query(ROWS);
    }

    /** Spark waits for running tasks when it stops; whoever closed the input wants the process gone. */
    private static void stop(SparkSession spark) throws InterruptedException {
        var stopping = new Thread(spark::stop, "stop");
        stopping.setDaemon(true);
        stopping.start();
        stopping.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        Runtime.getRuntime().halt(0);
    }
}
