package io.campanile.node.agent;

import io.campanile.node.agent.process.ChildProcess;
import io.campanile.node.agent.process.PrivateFiles;
import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the driver of a node is started. */
final class DriverLaunch {
    private static final String MAIN = "io.campanile.driver.DriverMain";

    private DriverLaunch() {}

    /** Writes {@code driver.json}, which only this user reads, and names it in the command. */
    static ChildProcess.Command command(
            NodeConfig config, NodeConfig.Driver driver, Distribution distribution, String token) throws IOException {
        Path folder = config.folder();
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("token", token);
        settings.put("user", NodeProcesses.USER);
        distribution.samples().ifPresent(samples -> settings.put("samples_dir", samples.toString()));
        settings.put("warehouse_dir", OwnersWarehouse.of(config).toString());
        settings.put("files_dir", WorkspaceFiles.of(config).toString());
        settings.put("files_access", FilesToken.of(config).toString());
        settings.put("local_dir", folder.resolve("local").toString());
        settings.put("spark_conf", driver.settings());
        if (driver.clusterSecret() != null) {
            settings.put("cluster_secret", driver.clusterSecret());
        }
        Path driverJson = folder.resolve("driver.json");
        PrivateFiles.write(driverJson, NodeJson.write(settings));
        return new ChildProcess.Command(
                distribution.sparkCommand(driver, MAIN, driverJson),
                folder,
                NodeProcesses.environment(config, distribution),
                folder.resolve("logs").resolve("driver.err"),
                NodeProcesses.hidden(driver));
    }

    /** A token for Spark Connect that nobody else knows. */
    static String randomToken() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
