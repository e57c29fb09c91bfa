package io.campanile.clusters.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.cost.Tags;
import io.campanile.common.json.Json;
import java.io.File;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON of the public clusters API, with the fields clients compare with what they sent. */
final class ClusterWire {
    private static final long DISK_GB = new File("/").getTotalSpace() >> 30;

    private ClusterWire() {}

    /** {@code workers}: the nodes of its executors, of older epochs perhaps. */
    static Map<String, Object> details(Cluster cluster, List<ClusterNodes.Worker> workers) {
        ClusterStatus status = cluster.status();
        Map<String, Object> details = new LinkedHashMap<>(attributes(cluster.spec()));
        details.put("cluster_id", cluster.clusterId());
        details.put("creator_user_name", cluster.owner().userName());
        details.put("single_user_name", cluster.owner().userName());
        details.put("cluster_source", cluster.source());
        details.put("state", cluster.state());
        details.put("state_message", status.message());
        details.put("start_time", cluster.createdAt());
        put(details, "last_restarted_time", status.restartedAt());
        put(details, "terminated_time", cluster.state().stopped() ? status.terminatedAt() : null);
        put(details, "last_state_loss_time", status.restartedAt() == null ? 0L : status.restartedAt());
        put(details, "termination_reason", status.termination());
        put(
                details,
                "pinned_by_user_name",
                cluster.pin() == null ? null : cluster.pin().userName());
        details.put("spec", settings(cluster.spec()));
        details.put(
                "default_tags",
                Tags.defaults(
                        cluster.clusterId(),
                        cluster.spec().clusterName(),
                        cluster.owner().userName()));
        details.put("is_single_node", cluster.spec().workers().single());
        if (cluster.spec().workers().autoscale() != null) {
            // Beside the bounds, what it has of them.
            details.put("num_workers", status.workers().target());
        }
        if (cluster.state().running() && status.driverNodeId() != null) {
            List<Map<String, Object>> executors = workers.stream()
                    .filter(worker -> worker.epoch() == status.epoch())
                    .map(worker -> sparkNode(worker.nodeId(), worker.startedAt()))
                    .toList();
            details.put("driver", sparkNode(status.driverNodeId(), status.runningSince()));
            details.put("executors", executors);
            details.put("cluster_cores", (double) LocalNodeType.CORES * (1 + executors.size()));
            details.put("cluster_memory_mb", memoryMb(cluster.spec(), executors.size()));
            details.put("spark_context_id", contextId(cluster));
        }
        return details;
    }

    private static long memoryMb(ClusterSpec spec, int workers) {
        return LocalNodeType.of(spec.driverType()).heapMb()
                + (long) workers * LocalNodeType.of(spec.nodeTypeId()).heapMb();
    }

    /** The settings as they were sent, with the defaults of what was not. */
    static Map<String, Object> attributes(ClusterSpec spec) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("cluster_name", spec.clusterName());
        attributes.put("spark_version", spec.sparkVersion());
        attributes.put("node_type_id", spec.nodeTypeId());
        attributes.put("driver_node_type_id", spec.driverType());
        attributes.putAll(spec.workers().onTheWire());
        attributes.put("autotermination_minutes", spec.autoterminationMinutes());
        attributes.put("spark_conf", new TreeMap<>(spec.sparkConf()));
        attributes.put("custom_tags", new TreeMap<>(spec.customTags()));
        attributes.put("spark_env_vars", new TreeMap<>(spec.environment()));
        attributes.put("data_security_mode", spec.dataSecurityMode());
        attributes.put("runtime_engine", "STANDARD");
        attributes.put("enable_elastic_disk", false);
        attributes.put("enable_local_disk_encryption", false);
        put(attributes, "policy_id", spec.policyId());
        put(attributes, PooledTypes.POOL, spec.instancePoolId());
        put(attributes, PooledTypes.DRIVER_POOL, spec.driverInstancePoolId());
        attributes.putAll(spec.echoed());
        ObjectNode aws =
                Json.MAPPER.createObjectNode().put("availability", "ON_DEMAND").put("zone_id", "local");
        if (spec.echoed().get("aws_attributes") instanceof ObjectNode sent) {
            aws.setAll(sent);
        }
        attributes.put("aws_attributes", aws);
        return attributes;
    }

    /**
     * The settings as somebody gave them, without what is so anyway: what of them a policy does not allow was then never
     * said.
     */
    static ObjectNode settings(ClusterSpec spec) {
        ObjectNode settings = Json.MAPPER.valueToTree(attributes(spec));
        JsonNode aws = spec.echoed().get("aws_attributes");
        if (aws == null) {
            settings.remove("aws_attributes");
        } else {
            settings.set("aws_attributes", aws);
        }
        if (spec.instancePoolId() != null) {
            settings.remove(PooledTypes.TYPE);
            settings.remove(PooledTypes.DRIVER_TYPE);
        }
        SpecReader.implied(settings, "").forEach((field, value) -> {
            if (settings.path(field).asText().equals(value)) {
                settings.remove(field);
            }
        });
        settings.properties()
                .removeIf(entry -> entry.getValue().isEmpty()
                        && !entry.getValue().isNumber()
                        && !entry.getValue().isBoolean()
                        && entry.getValue().asText().isEmpty());
        return settings;
    }

    static Map<String, Object> event(String clusterId, ClusterEvent event) {
        return Map.of(
                "cluster_id",
                clusterId,
                "timestamp",
                event.timestamp(),
                "type",
                event.type(),
                "details",
                event.details());
    }

    static List<Map<String, Object>> nodeTypes() {
        return Arrays.stream(LocalNodeType.values())
                .map(type -> {
                    Map<String, Object> wire = new LinkedHashMap<>();
                    wire.put("node_type_id", type.id());
                    wire.put("memory_mb", type.heapMb());
                    wire.put("num_cores", (double) LocalNodeType.CORES);
                    wire.put("num_gpus", 0);
                    wire.put("description", type.id() + ": a process of this machine with " + type.heapMb() + " MiB");
                    wire.put("instance_type_id", type.id());
                    wire.put("category", "General Purpose");
                    wire.put("display_order", type.ordinal());
                    wire.put("is_deprecated", false);
                    wire.put("is_hidden", false);
                    wire.put("support_cluster_tags", false);
                    wire.put("support_ebs_volumes", false);
                    wire.put("support_port_forwarding", false);
                    wire.put("photon_driver_capable", false);
                    wire.put("photon_worker_capable", false);
                    wire.put("is_io_cache_enabled", false);
                    wire.put("is_graviton", false);
                    wire.put("is_encrypted_in_transit", false);
                    wire.put("node_instance_type", instanceType(type));
                    wire.put("node_info", Map.of("status", List.of()));
                    return wire;
                })
                .toList();
    }

    /** A process has the disk of its machine; how much of it is its own nobody says. */
    private static Map<String, Object> instanceType(LocalNodeType type) {
        return Map.of(
                "instance_type_id",
                type.id(),
                "local_disks",
                1,
                "local_disk_size_gb",
                DISK_GB,
                "local_nvme_disks",
                0,
                "local_nvme_disk_size_gb",
                0);
    }

    /** The same for one driver only: clients tell by it that the context is a new one. */
    private static long contextId(Cluster cluster) {
        return (cluster.createdAt() << 10) + cluster.epoch();
    }

    private static Map<String, Object> sparkNode(String nodeId, @Nullable Long since) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("node_id", nodeId);
        node.put("instance_id", nodeId);
        node.put("private_ip", "127.0.0.1");
        node.put("host_private_ip", "127.0.0.1");
        put(node, "start_timestamp", since);
        return node;
    }

    private static void put(Map<String, Object> target, String key, @Nullable Object value) {
        if (value != null) {
            target.put(key, value);
        }
    }
}
