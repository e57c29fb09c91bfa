package io.campanile.node.agent;

import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.process.PrivateFiles;
import io.campanile.node.protocol.ControlMessage.Join;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the executor of a worker node is started. */
final class ExecutorLaunch {
    private static final String MAIN = "io.campanile.driver.executors.ExecutorMain";

    private ExecutorLaunch() {}

    /** What the executor is told; it is there once the node has joined a driver. */
    static Path settings(NodeConfig config) {
        return config.folder().resolve("executor.json");
    }

    /** Writes {@code executor.json}, which only this user reads, and names it in the command. */
    static ChildProcess.Command command(
            NodeConfig config, NodeConfig.Worker worker, Distribution distribution, Join join) throws IOException {
        Path folder = config.folder();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("url", join.url());
        settings.put("app_id", join.appId());
        settings.put("executor_id", worker.executorId());
        settings.put("cores", worker.cores());
        settings.put("cluster_secret", worker.clusterSecret());
        settings.put("user", NodeProcesses.USER);
        settings.put("files_dir", WorkspaceFiles.of(config).toString());
        settings.put("files_access", FilesToken.of(config).toString());
        PrivateFiles.write(settings(config), NodeJson.write(settings));
        Path local = Files.createDirectories(folder.resolve("local"));
        Map<String, String> environment = NodeProcesses.environment(config, distribution);
        // The driver's settings, which name a folder of the driver's node, are over our properties, but not over these.
        environment.put("SPARK_EXECUTOR_DIRS", local.toString());
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        return new ChildProcess.Command(
                distribution.sparkCommand(worker, MAIN, settings(config)),
                // Where Spark puts the files of sessions.
                Files.createDirectories(folder.resolve("work")),
                environment,
                folder.resolve("logs").resolve("executor.err"),
                NodeProcesses.hidden(worker));
    }
}
