package io.campanile.clusters.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The settings of a cluster as attributes with values, and back. */
final class Settings {
    private static final String CONF = "spark_conf";
    private static final Set<String> MAPS = Set.of(CONF, "spark_env_vars", "custom_tags");

    private Settings() {}

    /** What is said in a request. Null, and an empty text where a name is expected, say nothing. */
    static Map<String, String> said(ObjectNode body) {
        Map<String, String> said = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (MAPS.contains(field.getKey()) && field.getValue() instanceof ObjectNode entries) {
                entries.properties()
                        .forEach(entry -> said.put(
                                path(field.getKey(), entry.getKey()),
                                entry.getValue().asText()));
            } else {
                collect(said, field.getKey(), field.getValue());
            }
        }
        return said;
    }

    private static String path(String map, String key) {
        return map + "." + (map.equals(CONF) ? SparkKey.full(key) : key);
    }

    private static void collect(Map<String, String> said, String path, JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().forEach(field -> collect(said, path + "." + field.getKey(), field.getValue()));
        } else if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                collect(said, path + "." + i, array.get(i));
            }
        } else if (!value.isNull() && !(value.isTextual() && value.asText().isEmpty())) {
            said.put(path, value.asText());
        }
    }

    /** Puts a value where a request has none; leaves it be where the request has something else on the way. */
    static void put(ObjectNode body, Attribute attribute, JsonNode value) {
        String[] steps = attribute.kind() == Attribute.Kind.ENTRY
                ? attribute.path().split("\\.", 2)
                : attribute.path().split("\\.", -1);
        JsonNode place = body;
        for (int i = 0; i < steps.length - 1; i++) {
            place = step(place, steps[i], isIndex(steps[i + 1]) && attribute.kind() != Attribute.Kind.ENTRY);
        }
        String last = steps[steps.length - 1];
        if (place instanceof ObjectNode object) {
            object.set(last, value);
        } else if (place instanceof ArrayNode array && isIndex(last) && array.size() == Integer.parseInt(last)) {
            array.add(value);
        }
    }

    /** What stands under a name or number, made where there is nothing. */
    private static JsonNode step(JsonNode place, String name, boolean list) {
        if (place instanceof ObjectNode object) {
            JsonNode there = object.get(name);
            if (there != null && !there.isNull()) {
                return there;
            }
            return list ? object.putArray(name) : object.putObject(name);
        }
        if (place instanceof ArrayNode array && isIndex(name)) {
            int index = Integer.parseInt(name);
            if (index == array.size()) {
                return array.addObject();
            }
            return array.path(index);
        }
        return place.path(name);
    }

    private static boolean isIndex(String step) {
        return step.matches("[0-9]{1,3}");
    }
}
