package io.campanile.driver.executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.campanile.driver.log.Answers;
import io.campanile.driver.log.LogRedaction;
import io.campanile.driver.log.ProcessLog;
import io.campanile.node.files.dbfs.DbfsSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.executor.CoarseGrainedExecutorBackend;
import org.apache.spark.resource.ResourceProfile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Runs one executor of a driver elsewhere, until it was taken out or standard input closes. It says {@code {"ready":true}}
 * on standard output when it has registered and {@code {"decommissioned":true}} when it was taken out, and only then ends
 * with 0. {@code {"hide":[value]}} is what its driver wants out of the logs: what user code prints passes the agent, not
 * this process's log. Lines on standard input: {@code {"hide":[value]}} keeps values out of the log from then on.
 */
public final class ExecutorMain {
    private static final String LOOPBACK = "127.0.0.1";
    private static final long HOOKS_SECONDS = 5;

    private ExecutorMain() {}

    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            System.err.println("usage: ExecutorMain <executor.json>");
            System.exit(2);
        }
        Path file = Path.of(args[0]).toAbsolutePath();
        Answers answers = ProcessLog.to(file.resolveSibling("logs"), "executor");
        Logger log = LoggerFactory.getLogger(ExecutorMain.class);
        LogRedaction redaction = LogRedaction.install();
        endWithInput(redaction, log);
        ExecutorConfig config = ExecutorConfig.read(file);
        redaction.hide(List.of(config.clusterSecret()));
        System.setProperty("HADOOP_USER_NAME", config.user());
        DbfsSettings.attach(config.filesDir(), config.filesAccess());
        ClusterSecret.keep(config.clusterSecret());
        // Asked for before the driver's settings are known; settings of a Spark process come from its properties.
        ClusterSecret.authentication().forEach(System::setProperty);
        System.exit(run(config, redaction, answers, log));
    }

    private static int run(ExecutorConfig config, LogRedaction redaction, Answers answers, Logger log) {
        var executor = new AtomicReference<JoinedExecutor>();
        try {
            CoarseGrainedExecutorBackend.run(arguments(config), (rpc, arguments, env, profile) -> {
                var made = new JoinedExecutor(
                        rpc,
                        arguments,
                        env,
                        profile,
                        values -> {
                            redaction.hide(values);
                            answers.say("hide", values);
                        },
                        () -> answers.say("ready", true));
                executor.set(made);
                return made;
            });
        } catch (RuntimeException e) {
            log.error("The executor could not join its driver", e);
            return 1;
        }
        JoinedExecutor ended = executor.get();
        if (ended != null && ended.decommissioned()) {
            answers.say("decommissioned", true);
            return 0;
        }
        log.error("The executor ended: {}", ended == null ? "it never began" : ended.ending());
        return 1;
    }

    private static CoarseGrainedExecutorBackend.Arguments arguments(ExecutorConfig config) {
        return new CoarseGrainedExecutorBackend.Arguments(
                config.url(),
                config.executorId(),
                LOOPBACK,
                LOOPBACK,
                config.cores(),
                config.appId(),
                Option.empty(),
                Option.empty(),
                ResourceProfile.DEFAULT_RESOURCE_PROFILE_ID());
    }

    /** Whoever closed the input is gone, and this process with it: its blocks are worth nothing without its driver. */
    private static void endWithInput(LogRedaction redaction, Logger log) {
        daemon("input", () -> {
            try {
                follow(redaction, log);
            } catch (IOException e) {
                log.warn("Standard input cannot be read", e);
            }
            daemon("halt", () -> {
                try {
                    TimeUnit.SECONDS.sleep(HOOKS_SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Runtime.getRuntime().halt(1);
            });
            System.exit(1);
        });
    }

    private static void follow(LogRedaction redaction, Logger log) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var json = JsonMapper.builder().build();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try {
                JsonNode order = json.readTree(line);
                List<String> secrets = new ArrayList<>();
                order.path("hide").forEach(value -> secrets.add(value.asText()));
                redaction.hide(secrets);
            } catch (IOException e) {
                log.warn("A line of standard input was not understood", e);
            }
        }
    }

    private static void daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
