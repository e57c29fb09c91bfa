package io.campanile.node.agent;

import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /**
     * What driver to start; {@code environment} is for it and the kernels, {@code secrets} are the values of references
     * that stand in both.
     */
    public record Driver(
            String runtime,
            int heapMb,
            @Nullable Map<String, String> sparkConf,
            @Nullable Map<String, String> environment,
            @Nullable Map<String, String> secrets) {

        public Driver {
            secrets = secrets == null ? Map.of() : Map.copyOf(secrets);
            require(runtime, "driver.runtime");
            sparkConf = sparkConf == null ? Map.of() : Map.copyOf(sparkConf);
            environment = environment == null ? Map.of() : Map.copyOf(environment);
        }

        public Map<String, String> settings() {
            return resolved(sparkConf);
        }

        /** What the cluster's owner put into the environment. */
        Map<String, String> variables() {
            return resolved(environment);
        }

        private Map<String, String> resolved(@Nullable Map<String, String> given) {
            Map<String, String> resolved = new TreeMap<>();
            if (given != null) {
                given.forEach((key, value) -> resolved.put(key, values().getOrDefault(value, value)));
            }
            return resolved;
        }

        /** What must not appear in logs and reasons. */
        List<String> hidden() {
            return List.copyOf(values().values());
        }

        private Map<String, String> values() {
            return secrets == null ? Map.of() : secrets;
        }

        @Override
        public String toString() {
            return "Driver[runtime=" + runtime + ", heapMb=" + heapMb + ", sparkConf=" + sparkConf + ", secrets=****]";
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
