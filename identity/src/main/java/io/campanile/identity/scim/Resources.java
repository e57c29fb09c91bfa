package io.campanile.identity.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.unboundid.scim2.common.utils.JsonUtils;
import io.campanile.common.errors.ApiException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reading and writing of what all SCIM resources have. Names of attributes are compared without case. */
final class Resources {
    static final Set<String> ENTITLEMENTS = Set.of(
            "allow-cluster-create",
            "allow-instance-pool-create",
            "databricks-sql-access",
            "workspace-access",
            "workspace-consume");
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");
    private static final int LONGEST = 256;
    private static final int MOST_VALUES = 10_000;

    private Resources() {}

    /** A resource whose attributes are found by their names in any case. */
    static ObjectNode caseless(JsonNode body) {
        try {
            JsonNode read = JsonUtils.getObjectReader().readTree(body.toString());
            if (read instanceof ObjectNode object) {
                return object;
            }
            throw ScimFailures.invalidValue("The request body must be an object");
        } catch (IOException e) {
            throw new IllegalStateException("JSON that was read cannot be read again", e);
        }
    }

    static ObjectNode empty() {
        return (ObjectNode) JsonUtils.getJsonNodeFactory().objectNode();
    }

    /** A text attribute; null when absent, null or empty. */
    static @Nullable String text(JsonNode resource, String name) {
        @Nullable JsonNode value = resource.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw ScimFailures.invalidValue(name + " must be a string");
        }
        String text = value.asText();
        if (text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            throw ScimFailures.invalidValue(
                    name + " has at most " + LONGEST + " characters, none of them control ones");
        }
        return text.isBlank() ? null : text;
    }

    /** A truth value, also as the text that some clients send; null when absent. */
    static @Nullable Boolean truth(JsonNode resource, String name) {
        @Nullable JsonNode value = resource.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        String text = value.asText();
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return Boolean.valueOf(text);
        }
        throw ScimFailures.invalidValue(name + " must be true or false");
    }

    /** The values of a multi-valued attribute; one that stands alone counts as a list of it. */
    static List<JsonNode> values(JsonNode resource, String name) {
        @Nullable JsonNode value = resource.get(name);
        List<JsonNode> values = new ArrayList<>();
        if (value == null || value.isNull()) {
            return values;
        }
        if (value instanceof ArrayNode array) {
            array.forEach(values::add);
        } else {
            values.add(value);
        }
        if (values.size() > MOST_VALUES) {
            throw ScimFailures.invalidValue(name + " has at most " + MOST_VALUES + " values");
        }
        return values;
    }

    /** The ids a multi-valued attribute names. */
    static Set<Long> ids(JsonNode resource, String name) {
        return collect(resource, name, value -> id(value).orElseThrow(() -> notAnId(name, value)));
    }

    /** The entitlements a resource asks for, ordered. */
    static Set<String> entitlements(JsonNode resource) {
        return new TreeSet<>(collect(resource, "entitlements", value -> {
            if (!ENTITLEMENTS.contains(value)) {
                throw ScimFailures.invalidValue("entitlements has an unknown value: " + shown(value));
            }
            return value;
        }));
    }

    /** Refuses what this directory does not keep, rather than losing it. */
    static void refuse(JsonNode resource, String name, String why) {
        @Nullable JsonNode value = resource.get(name);
        if (value != null && !value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
            throw ScimFailures.invalidValue(name + ": " + why);
        }
    }

    static java.util.Optional<Long> id(@Nullable String text) {
        return text != null && ID.matcher(text).matches()
                ? java.util.Optional.of(Long.parseLong(text))
                : java.util.Optional.empty();
    }

    static void head(ObjectNode resource, String schema, long id) {
        resource.putArray("schemas").add(schema);
        resource.put("id", Long.toString(id));
    }

    static void groups(ObjectNode resource, List<Membership> groups) {
        ArrayNode array = resource.putArray("groups");
        for (Membership group : groups) {
            array.addObject()
                    .put("display", group.name())
                    .put("type", group.direct() ? "direct" : "indirect")
                    .put("value", Long.toString(group.groupId()))
                    .put("$ref", "Groups/" + group.groupId());
        }
    }

    static void entitlements(ObjectNode resource, Iterable<String> names) {
        ArrayNode array = resource.putArray("entitlements");
        names.forEach(name -> array.addObject().put("value", name));
    }

    private static <T> Set<T> collect(JsonNode resource, String name, Function<String, T> read) {
        Set<T> collected = new LinkedHashSet<>();
        for (JsonNode element : values(resource, name)) {
            JsonNode value = element.isObject() ? element.path("value") : element;
            if (!value.isValueNode() || value.isNull()) {
                throw ScimFailures.invalidValue(name + " has an element without a value");
            }
            collected.add(read.apply(value.asText()));
        }
        return collected;
    }

    private static ApiException notAnId(String name, String value) {
        return ScimFailures.invalidValue(name + " must name ids, which are decimal: " + shown(value));
    }

    static String shown(String value) {
        return shown(value, 64);
    }

    static String shown(String value, int most) {
        return value.length() > most ? value.substring(0, most) + "..." : value;
    }
}
