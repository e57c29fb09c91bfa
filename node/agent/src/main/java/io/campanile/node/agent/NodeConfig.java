package io.campanile.node.agent;

import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What cluster-manager wrote into {@code node.json} for this node. */
public record NodeConfig(
        String nodeId,
        String secret,
        String dataDir,
        String nodeDir,
        String endpointsFile,
        Driver driver,
        int parkKernels,
        int deadManSeconds) {

    /** What driver to start. */
    public record Driver(
            String runtime, int heapMb, @Nullable Map<String, String> sparkConf) {

        public Driver {
            require(runtime, "driver.runtime");
            sparkConf = sparkConf == null ? Map.of() : Map.copyOf(sparkConf);
        }

        public Map<String, String> settings() {
            return sparkConf == null ? Map.of() : sparkConf;
        }
    }

    public NodeConfig {
        require(nodeId, "node_id");
        require(secret, "secret");
        require(dataDir, "data_dir");
        require(nodeDir, "node_dir");
        require(endpointsFile, "endpoints_file");
        require(driver, "driver");
        if (deadManSeconds <= 0) {
            throw new IllegalArgumentException("node.json: dead_man_seconds must be positive");
        }
    }

    static NodeConfig read(Path file) throws IOException {
        return NodeJson.MAPPER.readValue(file.toFile(), NodeConfig.class);
    }

    /** JSON can omit anything. */
    private static void require(@Nullable Object value, String key) {
        if (value == null) {
            throw new IllegalArgumentException("node.json lacks " + key);
        }
    }

    Path folder() {
        return Path.of(nodeDir);
    }

    @Override
    public String toString() {
        return "NodeConfig[nodeId=" + nodeId + ", nodeDir=" + nodeDir + ", secret=****]";
    }
}
