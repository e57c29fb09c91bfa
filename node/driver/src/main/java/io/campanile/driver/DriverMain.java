package io.campanile.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.campanile.node.files.dbfs.DbfsSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.connect.service.SessionKey;
import org.apache.spark.sql.connect.service.SparkConnectService$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs embedded Spark with the Connect server until standard input closes. It says {@code {"port":N}} on standard output
 * when Connect answers. Lines on standard input: {@code {"close_session":{"user_id","session_id"}}} ends a session whose
 * kernel can no longer do it; {@code {"restore_warehouse":true}} looks for tables again, when the warehouse folder became
 * that of the node's owner, and is answered with {@code {"warehouse":true}}; {@code {"hide":[value]}} keeps values out of
 * the log from then on.
 */
public final class DriverMain {
    private static final long STOP_SECONDS = 10;
    private static final List<String> WARM_UP =
            List.of("SELECT k, count(*) FROM (SELECT id % 3 AS k FROM range(1000)) GROUP BY k", "SHOW TABLES");

    private DriverMain() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: DriverMain <driver.json>");
            System.exit(2);
        }
        Path file = Path.of(args[0]).toAbsolutePath();
        PrintStream answers = System.out;
        // Libraries print to standard output at will: the line the agent waits for must stand alone.
        System.setOut(System.err);
        logTo(file.resolveSibling("logs"));
        run(DriverConfig.read(file), answers);
    }

    private static void run(DriverConfig config, PrintStream answers) throws Exception {
        Logger log = LoggerFactory.getLogger(DriverMain.class);
        LogRedaction redaction = LogRedaction.install();
        Files.createDirectories(Path.of(config.warehouseDir()));
        Files.createDirectories(Path.of(config.localDir()));
        System.setProperty("HADOOP_USER_NAME", config.user());
        if (config.filesDir() != null && config.filesAccess() != null) {
            DbfsSettings.attach(config.filesDir(), config.filesAccess());
        }
        SparkSession spark = start(config);
        var warehouse = new Warehouse(spark, Path.of(config.warehouseDir()).toAbsolutePath());
        warehouse.restore();
        Samples.register(spark, config.samplesDir());
        int port = SparkConnectService$.MODULE$.localPort();
        var probe = new ConnectProbe(port, config.token());
        probe.check();
        answers.println("{\"port\":" + port + "}");
        answers.flush();
        log.info("Connect answers on port {}", port);
        warmUp(probe, log);
        untilInputCloses(warehouse, redaction, answers, log);
        stop(spark);
    }

    private static SparkSession start(DriverConfig config) {
        var builder = SparkSession.builder();
        SparkSettings.of(config, Runtime.getRuntime().availableProcessors()).forEach(builder::config);
        return (SparkSession) builder.getOrCreate();
    }

    /** Loads in the background what the first query of a person would otherwise wait for. */
    private static void warmUp(ConnectProbe probe, Logger log) {
        var thread = new Thread(
                () -> {
                    try (probe) {
                        WARM_UP.forEach(probe::query);
                    } catch (RuntimeException e) {
                        log.warn("The warm-up query failed", e);
                    }
                },
                "warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void untilInputCloses(Warehouse warehouse, LogRedaction redaction, PrintStream answers, Logger log)
            throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var json = JsonMapper.builder().build();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try {
                JsonNode order = json.readTree(line);
                if (order.has("restore_warehouse")) {
                    warehouse.restore();
                    answers.println("{\"warehouse\":true}");
                    answers.flush();
                }
                List<String> secrets = new ArrayList<>();
                order.path("hide").forEach(value -> secrets.add(value.asText()));
                redaction.hide(secrets);
                JsonNode close = order.path("close_session");
                if (close.isObject()) {
                    closeSession(
                            close.path("user_id").asText(),
                            close.path("session_id").asText());
                }
            } catch (RuntimeException | IOException e) {
                log.warn("A line of standard input was not carried out", e);
            }
        }
    }

    private static void closeSession(String userId, String sessionId) {
        var sessions = SparkConnectService$.MODULE$.sessionManager();
        var key = new SessionKey(userId, sessionId);
        var session = sessions.getIsolatedSessionIfPresent(key);
        if (session.isDefined()) {
            session.get().interruptAll();
            sessions.closeSession(key, false);
        }
    }

    /** Spark waits for running tasks when it stops; whoever closed the input wants the process gone. */
    private static void stop(SparkSession spark) throws InterruptedException {
        var stopping = new Thread(spark::stop, "stop");
        stopping.setDaemon(true);
        stopping.start();
        stopping.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        Runtime.getRuntime().halt(0);
    }

    private static void logTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        System.setProperty("campanile.driver.log", folder.resolve("driver.log").toString());
        System.setProperty("log4j2.configurationFile", "classpath:campanile-driver-log4j2.xml");
    }
}
