package io.campanile.clusters.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which settings of a cluster an update is about: names of the wire parted by commas, those of inner fields after a dot.
 * Keys of maps and places of lists cannot be named; {@code *} stands for all settings.
 */
final class UpdateMask {
    private static final int LONGEST = 4_000;
    private static final String ALL = "*";

    private static final Set<String> FIELDS = Set.of(
            "autoscale",
            "autotermination_minutes",
            "aws_attributes",
            "azure_attributes",
            "cluster_log_conf",
            "cluster_name",
            "custom_tags",
            "data_security_mode",
            "dependency_mode",
            "docker_image",
            "driver_instance_pool_id",
            "driver_node_type_flexibility",
            "driver_node_type_id",
            "enable_elastic_disk",
            "enable_local_disk_encryption",
            "gcp_attributes",
            "init_scripts",
            "instance_pool_id",
            "is_single_node",
            "kind",
            "node_type_id",
            "num_workers",
            "policy_id",
            "remote_disk_throughput",
            "runtime_engine",
            "single_user_name",
            "spark_conf",
            "spark_env_vars",
            "spark_version",
            "ssh_public_keys",
            "total_initial_remote_disk_size",
            "use_ml_runtime",
            "worker_node_type_flexibility",
            "workload_type");

    /** The fields of what is an object. */
    private static final Map<String, Set<String>> INNER = Map.ofEntries(
            Map.entry("autoscale", Set.of("max_workers", "min_workers")),
            Map.entry(
                    "aws_attributes",
                    Set.of(
                            "availability",
                            "ebs_volume_count",
                            "ebs_volume_iops",
                            "ebs_volume_size",
                            "ebs_volume_throughput",
                            "ebs_volume_type",
                            "first_on_demand",
                            "instance_profile_arn",
                            "spot_bid_price_percent",
                            "zone_id")),
            Map.entry(
                    "azure_attributes",
                    Set.of(
                            "availability",
                            "capacity_reservation_group",
                            "first_on_demand",
                            "log_analytics_info",
                            "spot_bid_max_price")),
            Map.entry("cluster_log_conf", Set.of("dbfs", "s3", "volumes")),
            Map.entry("docker_image", Set.of("basic_auth", "url")),
            Map.entry("driver_node_type_flexibility", Set.of("alternate_node_type_ids")),
            Map.entry(
                    "gcp_attributes",
                    Set.of(
                            "availability",
                            "boot_disk_size",
                            "confidential_compute_type",
                            "first_on_demand",
                            "google_service_account",
                            "local_ssd_count",
                            "use_preemptible_executors",
                            "zone_id")),
            Map.entry("worker_node_type_flexibility", Set.of("alternate_node_type_ids")),
            Map.entry("workload_type", Set.of("clients")),
            Map.entry("workload_type.clients", Set.of("jobs", "notebooks")));

    private final List<String> paths;

    private UpdateMask(List<String> paths) {
        this.paths = List.copyOf(paths);
    }

    static UpdateMask of(@Nullable String text) {
        String mask = ApiException.require(text == null || text.isBlank() ? null : text, "update_mask");
        if (mask.length() > LONGEST) {
            throw ApiException.invalid("update_mask must have at most " + LONGEST + " characters");
        }
        if (mask.equals(ALL)) {
            return new UpdateMask(FIELDS.stream().sorted().toList());
        }
        List<String> paths = new ArrayList<>();
        for (String part : mask.split(",", -1)) {
            paths.add(known(part.strip()));
        }
        return new UpdateMask(paths);
    }

    private static String known(String path) {
        int dot = path.lastIndexOf('.');
        boolean known = dot < 0
                ? FIELDS.contains(path)
                : INNER.getOrDefault(path.substring(0, dot), Set.of()).contains(path.substring(dot + 1));
        if (!known) {
            String root = path.split("\\.", 2)[0];
            throw ApiException.invalid(
                    FIELDS.contains(root) && !INNER.containsKey(root)
                            ? "update_mask: " + path + " cannot be named by itself, only " + root + " as a whole"
                            : "update_mask names a field that clusters do not have: "
                                    + (path.isEmpty() ? "(nothing)" : path));
        }
        return path;
    }

    /** The settings with what is named as it was given; what is named and not given is away. */
    ObjectNode apply(ObjectNode current, ObjectNode given) {
        ObjectNode settings = current.deepCopy();
        for (String path : paths) {
            JsonNode value = at(given, path);
            if (value == null || value.isNull()) {
                remove(settings, path);
            } else {
                set(settings, path, value);
            }
        }
        // A cluster has one size: whichever way of saying it is given replaces the other.
        replaces(settings, "num_workers", "autoscale");
        replaces(settings, "autoscale", "num_workers");
        return settings;
    }

    private void replaces(ObjectNode settings, String field, String other) {
        if (names(field) && !names(other) && settings.hasNonNull(field)) {
            settings.remove(other);
        }
    }

    private boolean names(String field) {
        return paths.stream().anyMatch(path -> path.equals(field) || path.startsWith(field + "."));
    }

    private static @Nullable JsonNode at(ObjectNode given, String path) {
        JsonNode node = given;
        for (String name : path.split("\\.")) {
            node = node == null ? null : node.get(name);
        }
        return node;
    }

    private static void remove(ObjectNode settings, String path) {
        int dot = path.lastIndexOf('.');
        JsonNode parent = dot < 0 ? settings : at(settings, path.substring(0, dot));
        if (parent instanceof ObjectNode object) {
            object.remove(path.substring(dot + 1));
        }
    }

    private static void set(ObjectNode settings, String path, JsonNode value) {
        ObjectNode parent = settings;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            parent = parent.get(names[i]) instanceof ObjectNode inner ? inner : parent.putObject(names[i]);
        }
        parent.set(names[names.length - 1], value);
    }
}
