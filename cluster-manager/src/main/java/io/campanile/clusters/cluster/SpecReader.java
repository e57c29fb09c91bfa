package io.campanile.clusters.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and checks the settings of create and edit; every refusal names its field. */
final class SpecReader {
    /** Each would change what the user gets, so none of them is passed over in silence. */
    private static final Set<String> NOT_YET =
            Set.of("clone_from", "cluster_log_conf", "docker_image", "init_scripts", "ssh_public_keys");

    /** They say something about machines of a cloud, or what is true here anyway. */
    private static final Set<String> ECHOED = Set.of(
            "aws_attributes",
            "azure_attributes",
            "gcp_attributes",
            "enable_elastic_disk",
            "enable_local_disk_encryption",
            "kind",
            "runtime_engine",
            "use_ml_runtime",
            "workload_type");

    private static final Set<String> SINGLE_USER_MODES = Set.of(
            "SINGLE_USER",
            "NONE",
            "DATA_SECURITY_MODE_AUTO",
            "DATA_SECURITY_MODE_DEDICATED",
            "LEGACY_SINGLE_USER",
            "LEGACY_SINGLE_USER_STANDARD");

    private static final String DEFAULT_MODE = "SINGLE_USER";
    private static final int NAME_LIMIT = 100;
    private static final int DEFAULT_AUTOTERMINATION = 72 * 60;
    private static final int MOST_AUTOTERMINATION = 10_000;
    /** What the public API has in objects that are only echoed is two levels deep. */
    private static final int DEEPEST = 10;
    /** Less than the columns hold. */
    private static final int LONGEST = 60_000;

    private final ObjectNode body;

    SpecReader(ObjectNode body) {
        this.body = body;
    }

    /**
     * Reads all of them.
     *
     * @param ownerName the only user whose code may run on the cluster
     * @param mostWorkers that a cluster may have here
     */
    ClusterSpec read(String ownerName, int mostWorkers) {
        NOT_YET.forEach(this::refuseIfGiven);
        ClusterSize size = new SizeReader(body, mostWorkers).ofSpec();
        checkFixed("kind", "CLASSIC_PREVIEW");
        checkFixed("runtime_engine", "STANDARD");
        checkFixed("use_ml_runtime", "false");
        String singleUser = text("single_user_name", ownerName);
        if (!singleUser.isEmpty() && !singleUser.equals(ownerName)) {
            throw ApiException.invalid("single_user_name must be the owner of the cluster, " + ownerName);
        }
        String sparkVersion = ApiException.require(text("spark_version"), "spark_version");
        Runtimes.versionOf(sparkVersion);
        String nodeType = ApiException.require(text("node_type_id"), "node_type_id");
        LocalNodeType.of(nodeType);
        String driverType = driverType(nodeType);
        Map<String, String> conf = texts("spark_conf");
        SparkConf.forDriver(conf);
        Map<String, String> environment = texts("spark_env_vars");
        SparkEnvironment.check(environment);
        Map<String, String> tags = texts("custom_tags");
        CustomTags.check(tags);
        Zones.check(body);
        ClusterSpec spec = new ClusterSpec(
                name(),
                nodeType,
                sparkVersion,
                autotermination(),
                conf,
                environment,
                tags,
                mode(),
                policyId(body),
                PooledTypes.poolId(body, PooledTypes.POOL),
                PooledTypes.poolId(body, PooledTypes.DRIVER_POOL),
                echoed(),
                driverType.equals(nodeType) ? null : driverType,
                size);
        checkSize(spec);
        checkLength(spec);
        return spec;
    }

    /** What has to do with whether there are workers. */
    static void checkSize(ClusterSpec spec) {
        if (!spec.workers().single()) {
            SparkConf.refuseSingleNode(spec.sparkConf());
        } else if (!spec.driverType().equals(spec.nodeTypeId())) {
            throw ApiException.invalid(
                    "driver_node_type_id must equal node_type_id: a cluster without workers has one node");
        }
    }

    /** Each value may be short and all of them together too long to be kept. */
    private static void checkLength(ClusterSpec spec) {
        int longest =
                Math.max(Json.write(spec).length(), Json.write(spec.shape()).length());
        if (longest > LONGEST) {
            throw ApiException.invalid("The settings of a cluster may have " + LONGEST
                    + " characters as JSON; these have " + longest + ". spark_conf, spark_env_vars, custom_tags and"
                    + " the attributes of clouds count");
        }
    }

    /** What attributes of policies are that settings leave out. */
    static Map<String, String> implied(ObjectNode settings, String ownerName) {
        Map<String, String> implied = new LinkedHashMap<>();
        implied.put("autotermination_minutes", Integer.toString(DEFAULT_AUTOTERMINATION));
        implied.put("data_security_mode", DEFAULT_MODE);
        implied.put("enable_elastic_disk", "false");
        implied.put("enable_local_disk_encryption", "false");
        implied.put("runtime_engine", "STANDARD");
        implied.put("single_user_name", ownerName);
        implied.put("use_ml_runtime", "false");
        boolean scaled = settings.hasNonNull(SizeReader.AUTOSCALE);
        if (!scaled) {
            implied.put(SizeReader.WORKERS, "0");
        }
        boolean single = !scaled && settings.path(SizeReader.WORKERS).asInt() == 0;
        implied.put("is_single_node", Boolean.toString(single));
        if (settings.hasNonNull("node_type_id")) {
            implied.put("driver_node_type_id", settings.path("node_type_id").asText());
        }
        return implied;
    }

    /** The policy that settings name; null for none. */
    static @Nullable String policyId(ObjectNode settings) {
        String id = new SpecReader(settings).text("policy_id", "");
        return id.isEmpty() ? null : id;
    }

    private String name() {
        String name = text("cluster_name", "");
        if (name.length() > NAME_LIMIT || name.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid(
                    "cluster_name must have at most " + NAME_LIMIT + " characters and no control characters");
        }
        return name;
    }

    private String mode() {
        String mode = text("data_security_mode", DEFAULT_MODE);
        if (!SINGLE_USER_MODES.contains(mode)) {
            throw ApiException.invalid("data_security_mode " + mode + " is not supported: clusters are single-user");
        }
        return mode;
    }

    private int autotermination() {
        int minutes = number("autotermination_minutes", DEFAULT_AUTOTERMINATION);
        if (minutes < 0 || minutes > MOST_AUTOTERMINATION) {
            throw ApiException.invalid(
                    "autotermination_minutes must be 0 (never) or between 1 and " + MOST_AUTOTERMINATION);
        }
        return minutes;
    }

    private String driverType(String nodeType) {
        String named = text("driver_node_type_id", "");
        String driverType = named.isEmpty() ? nodeType : named;
        LocalNodeType.of(driverType);
        return driverType;
    }

    private void refuseIfGiven(String field) {
        JsonNode value = body.get(field);
        boolean empty = value == null
                || value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual() && value.asText().isEmpty());
        if (!empty) {
            throw ApiException.invalid(field + " is not supported yet");
        }
    }

    private void checkFixed(String field, String only) {
        JsonNode value = body.get(field);
        if (value != null && !value.isNull() && !value.asText().equals(only)) {
            throw ApiException.invalid(field + " " + value.asText() + " is not supported yet: it must be " + only);
        }
    }

    private Map<String, JsonNode> echoed() {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (String field : ECHOED) {
            JsonNode value = body.get(field);
            if (value != null && !value.isNull()) {
                if (deeperThan(value, DEEPEST)) {
                    throw ApiException.invalid("Field " + field + " is nested more than " + DEEPEST + " levels deep");
                }
                values.put(field, value);
            }
        }
        return values;
    }

    private static boolean deeperThan(JsonNode value, int levels) {
        if (levels == 0) {
            return value.isContainerNode();
        }
        for (JsonNode inner : value) {
            if (deeperThan(inner, levels - 1)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String text(String field) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw ApiException.invalid("Field " + field + " has a value of a wrong kind");
        }
        return value.asText();
    }

    private String text(String field, String absent) {
        String value = text(field);
        return value == null ? absent : value;
    }

    private int number(String field, int absent) {
        JsonNode value = body.get(field);
        if (value == null || value.isNull()) {
            return absent;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw ApiException.invalid("Field " + field + " has a value of a wrong kind");
        }
        return value.asInt();
    }

    private Map<String, String> texts(String field) {
        JsonNode value = body.get(field);
        Map<String, String> texts = new LinkedHashMap<>();
        if (value == null || value.isNull()) {
            return texts;
        }
        if (!value.isObject()) {
            throw ApiException.invalid("Field " + field + " has a value of a wrong kind");
        }
        value.properties().forEach(entry -> {
            if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
                throw ApiException.invalid("Field " + field + "." + entry.getKey() + " has a value of a wrong kind");
            }
            texts.put(entry.getKey(), entry.getValue().asText());
        });
        return texts;
    }
}
