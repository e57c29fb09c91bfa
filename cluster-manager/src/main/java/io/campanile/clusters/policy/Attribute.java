package io.campanile.clusters.policy;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a rule is about: an attribute as the wire of clusters names it, or with {@code *} all that match.
 *
 * @param written as the definition has it
 * @param path the same with the one spelling of a Spark setting
 */
record Attribute(String written, String path, Kind kind) {
    private static final String ANY = "*";
    private static final int LONGEST = 256;

    /** Which values an attribute has. */
    enum Kind {
        INTEGER,
        BOOLEAN,
        TEXT,
        /** Under a key that the user chooses; its values are texts. */
        ENTRY,
        /** Of an object whose fields this version does not read. */
        OPEN
    }

    private static final Set<String> MAPS = Set.of("spark_conf", "spark_env_vars", "custom_tags");

    private static final Set<String> OPEN = Set.of(
            "aws_attributes",
            "azure_attributes",
            "cluster_log_conf",
            "docker_image",
            "driver_node_type_flexibility",
            "gcp_attributes",
            "worker_node_type_flexibility",
            "workload_type");

    private static final Map<String, Kind> PLAIN = Map.ofEntries(
            Map.entry("autoscale.max_workers", Kind.INTEGER),
            Map.entry("autoscale.min_workers", Kind.INTEGER),
            Map.entry("autotermination_minutes", Kind.INTEGER),
            Map.entry("cluster_name", Kind.TEXT),
            Map.entry(ClusterType.ATTRIBUTE, Kind.TEXT),
            Map.entry("data_security_mode", Kind.TEXT),
            Map.entry("driver_instance_pool_id", Kind.TEXT),
            Map.entry("driver_node_type_id", Kind.TEXT),
            Map.entry("enable_elastic_disk", Kind.BOOLEAN),
            Map.entry("enable_local_disk_encryption", Kind.BOOLEAN),
            Map.entry("instance_pool_id", Kind.TEXT),
            Map.entry("is_single_node", Kind.BOOLEAN),
            Map.entry("kind", Kind.TEXT),
            Map.entry("node_type_id", Kind.TEXT),
            Map.entry("num_workers", Kind.INTEGER),
            Map.entry("remote_disk_throughput", Kind.INTEGER),
            Map.entry("runtime_engine", Kind.TEXT),
            Map.entry("single_user_name", Kind.TEXT),
            Map.entry("spark_version", Kind.TEXT),
            Map.entry("total_initial_remote_disk_size", Kind.INTEGER),
            Map.entry("use_ml_runtime", Kind.BOOLEAN));

    Attribute {
        requireNonNull(written, "written");
        requireNonNull(path, "path");
        requireNonNull(kind, "kind");
    }

    /** 400 with what is wrong; the caller says of which attribute. */
    static Attribute of(String written) {
        if (written.isEmpty() || written.length() > LONGEST) {
            throw ApiException.invalid("the name of an attribute has 1 to " + LONGEST + " characters");
        }
        if (written.equals("dbus_per_hour")) {
            throw ApiException.invalid("this platform has no such unit of price: limit node_type_id, num_workers,"
                    + " autoscale.max_workers and autotermination_minutes instead");
        }
        int dot = written.indexOf('.');
        String root = dot < 0 ? written : written.substring(0, dot);
        String rest = dot < 0 ? "" : written.substring(dot + 1);
        if (MAPS.contains(root)) {
            return entry(written, root, rest);
        }
        Kind plain = PLAIN.get(written);
        return plain != null ? new Attribute(written, written, plain) : inner(written, root, rest);
    }

    private static Attribute entry(String written, String root, String key) {
        int star = key.indexOf(ANY);
        if (key.isEmpty() || (star >= 0 && star != key.length() - 1)) {
            throw ApiException.invalid("write " + root + ".<key>, or " + root + ".<beginning of keys>* for many");
        }
        if (!root.equals("spark_conf")) {
            return new Attribute(written, root + "." + key, Kind.ENTRY);
        }
        String normal = SparkKey.normal(key);
        return new Attribute(written, root + "." + (normal.equals(ANY) ? ANY : SparkKey.full(key)), Kind.ENTRY);
    }

    private static Attribute inner(String written, String root, String rest) {
        List<String> segments = List.of(rest.split("\\.", -1));
        if (segments.stream().anyMatch(part -> part.isEmpty() || (part.contains(ANY) && !part.equals(ANY)))) {
            if (!OPEN.contains(root) && !root.equals("init_scripts") && !root.equals("ssh_public_keys")) {
                throw unknown();
            }
            throw ApiException.invalid("write " + root + ".<field>, or " + root + ".* for all of them");
        }
        if (OPEN.contains(root)) {
            return new Attribute(written, written, Kind.OPEN);
        }
        boolean indexed = segments.get(0).equals(ANY) || segments.get(0).matches("[0-9]{1,3}");
        boolean script = root.equals("init_scripts")
                && indexed
                && (written.endsWith("." + ANY)
                        || segments.get(segments.size() - 1).matches("destination|region"));
        boolean key = root.equals("ssh_public_keys") && indexed && segments.size() == 1;
        boolean scale = written.equals("autoscale.*");
        if (script || key || scale) {
            return new Attribute(written, written, scale ? Kind.INTEGER : Kind.TEXT);
        }
        throw unknown();
    }

    private static ApiException unknown() {
        return ApiException.invalid("clusters have no such attribute");
    }

    /** Whether it stands for more than one attribute. */
    boolean pattern() {
        return path.contains(ANY);
    }

    /** Whether this is about the attribute of a cluster with this path. */
    boolean covers(String attribute) {
        if (!pattern()) {
            return path.equals(attribute);
        }
        if (kind == Kind.ENTRY) {
            return attribute.startsWith(path.substring(0, path.length() - 1));
        }
        String[] mine = path.split("\\.", -1);
        String[] theirs = attribute.split("\\.", -1);
        boolean open = mine[mine.length - 1].equals(ANY);
        if (open ? theirs.length < mine.length : theirs.length != mine.length) {
            return false;
        }
        for (int i = 0; i < mine.length; i++) {
            if (!mine[i].equals(ANY) && !mine[i].equals(theirs[i])) {
                return false;
            }
        }
        return true;
    }

    /** How much of the path is said: of several patterns the one that says most decides. */
    int precision() {
        return path.replace(ANY, "").length();
    }
}
