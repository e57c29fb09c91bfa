package io.campanile.node.agent;

import static java.util.Objects.requireNonNull;

import io.campanile.node.protocol.NodeJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What cluster-manager wrote into {@code node.json} for this node: it runs a driver, or is a worker of another's. */
public record NodeConfig(
        String nodeId,
        String secret,
        String dataDir,
        String nodeDir,
        String endpointsFile,
        @Nullable Driver driver,
        @Nullable Worker worker,
        int parkKernels,
        int deadManSeconds) {

    /** The Spark process of a node, and what its cluster's owner put into it. */
    sealed interface SparkProcess permits Driver, Worker {
        String runtime();

        int heapMb();

        /** For every process of the node. */
        Map<String, String> environment();

        /** The values of references that stand in the settings. */
        Map<String, String> secrets();

        /** What members of a cluster prove to each other; null without workers. */
        @Nullable
        String clusterSecret();

        /** What the cluster's owner put into the environment. */
        default Map<String, String> variables() {
            return resolved(environment());
        }

        /** What must not appear in logs and reasons. */
        default List<String> hidden() {
            return List.copyOf(secrets().values());
        }

        default Map<String, String> resolved(Map<String, String> given) {
            Map<String, String> resolved = new TreeMap<>();
            given.forEach((key, value) -> resolved.put(key, secrets().getOrDefault(value, value)));
            return resolved;
        }
    }

    /** What driver to start; it runs its tasks itself where there is no cluster secret. */
    public record Driver(
            String runtime,
            int heapMb,
            Map<String, String> sparkConf,
            Map<String, String> environment,
            Map<String, String> secrets,
            @Nullable String clusterSecret)
            implements SparkProcess {

        public Driver {
            require(runtime, "driver.runtime");
            sparkConf = orNone(sparkConf);
            environment = orNone(environment);
            secrets = orNone(secrets);
        }

        public Map<String, String> settings() {
            return resolved(sparkConf);
        }

        @Override
        public String toString() {
            return "Driver[runtime=" + runtime + ", heapMb=" + heapMb + ", sparkConf=" + sparkConf + ", secrets=****]";
        }
    }

    /** What executor to start, once its driver is known. */
    public record Worker(
            String runtime,
            int heapMb,
            int cores,
            String executorId,
            String clusterSecret,
            Map<String, String> environment,
            Map<String, String> secrets)
            implements SparkProcess {

        public Worker {
            require(runtime, "worker.runtime");
            require(executorId, "worker.executor_id");
            require(clusterSecret, "worker.cluster_secret");
            if (cores <= 0) {
                throw new IllegalArgumentException("node.json: worker.cores must be positive");
            }
            environment = orNone(environment);
            secrets = orNone(secrets);
        }

        @Override
        public String toString() {
            return "Worker[runtime=" + runtime + ", executorId=" + executorId + ", secrets=****]";
        }
    }

    public NodeConfig {
        require(nodeId, "node_id");
        require(secret, "secret");
        require(dataDir, "data_dir");
        require(nodeDir, "node_dir");
        require(endpointsFile, "endpoints_file");
        if ((driver == null) == (worker == null)) {
            throw new IllegalArgumentException("node.json must have either driver or worker");
        }
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

    private static Map<String, String> orNone(@Nullable Map<String, String> given) {
        return given == null ? Map.of() : Map.copyOf(given);
    }

    SparkProcess process() {
        return driver == null ? requireNonNull(worker) : driver;
    }

    Path folder() {
        return Path.of(nodeDir);
    }

    @Override
    public String toString() {
        return "NodeConfig[nodeId=" + nodeId + ", nodeDir=" + nodeDir + ", secret=****]";
    }
}
