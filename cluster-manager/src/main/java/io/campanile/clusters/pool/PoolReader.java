package io.campanile.clusters.pool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and checks the settings of create and edit; every refusal names its field. */
final class PoolReader {
    private static final String NAME = "instance_pool_name";
    private static final String NODE_TYPE = "node_type_id";
    private static final String VERSIONS = "preloaded_spark_versions";
    private static final String MIN_IDLE = "min_idle_instances";
    private static final String MAX_CAPACITY = "max_capacity";

    private static final String ELASTIC_DISK = "enable_elastic_disk";

    /** Each would change what the user gets, so none of them is passed over in silence. */
    private static final List<String> NOT_YET = List.of("node_type_flexibility", "preloaded_docker_images");

    /** They say something about machines of a cloud. */
    private static final List<String> ECHOED = List.of(
            "aws_attributes",
            "azure_attributes",
            "disk_spec",
            ELASTIC_DISK,
            "gcp_attributes",
            "remote_disk_throughput",
            "total_initial_remote_disk_size");

    private static final int NAME_LIMIT = 100;
    private static final int MOST_IDLE = 100;
    private static final int MOST_NODES = 10_000;
    private static final int DEFAULT_IDLE_MINUTES = 60;
    private static final int MOST_IDLE_MINUTES = 10_000;
    private static final int MOST_VERSIONS = 10;
    /** What the public API has in objects that are only echoed is two levels deep, and short. */
    private static final int ECHO_LIMIT = 4_000;

    private final ObjectNode body;
    private final Offers offers;

    PoolReader(ObjectNode body, Offers offers) {
        this.body = body;
        this.offers = offers;
    }

    PoolSettings ofNew() {
        NOT_YET.forEach(this::refuseIfGiven);
        String type = ApiException.require(text(NODE_TYPE), NODE_TYPE);
        return checked(ApiException.require(text(NAME), NAME), type, versions(), echoed());
    }

    /** All that can be changed becomes as it was sent, or what it is where nothing is said; the rest must stay. */
    PoolSettings ofEdited(Pool pool) {
        PoolSettings before = pool.settings();
        String type = text(NODE_TYPE);
        requireSame(NODE_TYPE, type == null || type.isEmpty() || type.equals(before.nodeTypeId()), pool);
        requireSame(VERSIONS, !given(VERSIONS) || versions().equals(before.sparkVersions()), pool);
        for (String field : ECHOED) {
            requireSame(field, !given(field) || body.path(field).equals(shown(before, field)), pool);
        }
        String name = text(NAME);
        return checked(
                name == null || name.isEmpty() ? before.name() : name,
                before.nodeTypeId(),
                before.sparkVersions(),
                before.echoed());
    }

    /** As the pool is answered: clients send back what they read. */
    private static @Nullable JsonNode shown(PoolSettings settings, String field) {
        JsonNode echoed = settings.echoed().get(field);
        return echoed == null && field.equals(ELASTIC_DISK) ? BooleanNode.FALSE : echoed;
    }

    private PoolSettings checked(String name, String type, List<String> versions, Map<String, JsonNode> echoed) {
        if (name.isBlank() || name.length() > NAME_LIMIT || name.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid(
                    NAME + " must have 1 to " + NAME_LIMIT + " characters, none of them a control character");
        }
        Integer idle = number(MIN_IDLE, 0, MOST_IDLE);
        Integer most = number(MAX_CAPACITY, 1, MOST_NODES);
        Integer minutes = number("idle_instance_autotermination_minutes", 0, MOST_IDLE_MINUTES);
        if (idle != null && most != null && idle > most) {
            throw ApiException.invalid(MIN_IDLE + " must not be more than " + MAX_CAPACITY + ", which is " + most);
        }
        Map<String, String> tags = tags();
        offers.check(type, versions, tags, body);
        return new PoolSettings(
                name,
                type,
                idle == null ? 0 : idle,
                most,
                minutes == null ? DEFAULT_IDLE_MINUTES : minutes,
                tags,
                versions,
                echoed);
    }

    private static void requireSame(String field, boolean same, Pool pool) {
        if (!same) {
            throw ApiException.invalid(
                    field + " of " + pool.inWords() + " cannot be changed: make another pool, and delete this one");
        }
    }

    private void refuseIfGiven(String field) {
        JsonNode value = body.path(field);
        boolean empty = value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty());
        if (!empty) {
            throw ApiException.invalid(field + " is not supported yet");
        }
    }

    private boolean given(String field) {
        return body.hasNonNull(field);
    }

    private List<String> versions() {
        JsonNode value = body.path(VERSIONS);
        List<String> versions = new ArrayList<>();
        if (!given(VERSIONS)) {
            return versions;
        }
        if (!value.isArray()) {
            throw ApiException.invalid("Field " + VERSIONS + " has a value of a wrong kind");
        }
        for (JsonNode version : value) {
            if (!version.isTextual()) {
                throw ApiException.invalid("Field " + VERSIONS + " has a value of a wrong kind");
            }
            versions.add(version.asText());
        }
        if (versions.size() > MOST_VERSIONS) {
            throw ApiException.invalid(VERSIONS + " must be at most " + MOST_VERSIONS);
        }
        return versions;
    }

    private Map<String, JsonNode> echoed() {
        Map<String, JsonNode> echoed = new LinkedHashMap<>();
        for (String field : ECHOED) {
            if (given(field)) {
                JsonNode value = body.get(field);
                if (value.toString().length() > ECHO_LIMIT) {
                    throw ApiException.invalid(field + " must have at most " + ECHO_LIMIT + " characters as JSON");
                }
                echoed.put(field, value);
            }
        }
        return echoed;
    }

    private Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        if (!given("custom_tags")) {
            return tags;
        }
        JsonNode value = body.path("custom_tags");
        if (!value.isObject()) {
            throw ApiException.invalid("Field custom_tags has a value of a wrong kind");
        }
        value.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw ApiException.invalid("Field custom_tags." + entry.getKey() + " has a value of a wrong kind");
            }
            tags.put(entry.getKey(), entry.getValue().asText());
        });
        return tags;
    }

    private @Nullable Integer number(String field, int least, int most) {
        if (!given(field)) {
            return null;
        }
        JsonNode value = body.path(field);
        if (!value.isIntegralNumber()) {
            throw ApiException.invalid("Field " + field + " has a value of a wrong kind");
        }
        if (!value.canConvertToInt() || value.asInt() < least || value.asInt() > most) {
            throw ApiException.invalid(
                    field + " must be between " + least + " and " + most + ", not " + value.asText());
        }
        return value.asInt();
    }

    private @Nullable String text(String field) {
        if (!given(field)) {
            return null;
        }
        JsonNode value = body.path(field);
        if (!value.isTextual()) {
            throw ApiException.invalid("Field " + field + " has a value of a wrong kind");
        }
        return value.asText();
    }
}
