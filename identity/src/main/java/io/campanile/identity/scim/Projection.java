package io.campanile.identity.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which attributes an answer has (RFC 7644, 3.9). Those that say which resource it is are always there.
 *
 * @param only those asked for, in lower case; empty is all
 * @param not those not wanted, in lower case
 */
record Projection(Set<String> only, Set<String> not) {
    static final Projection ALL = new Projection(Set.of(), Set.of());
    private static final Set<String> ALWAYS = Set.of("schemas", "id", "applicationid");

    Projection {
        only = Set.copyOf(only);
        not = Set.copyOf(not);
    }

    static Projection of(@Nullable String attributes, @Nullable String excluded) {
        return new Projection(names(attributes), names(excluded));
    }

    /** Whether a top-level attribute, or a part of it, is wanted. */
    boolean wants(String attribute) {
        String name = attribute.toLowerCase(Locale.ROOT);
        if (ALWAYS.contains(name)) {
            return true;
        }
        boolean asked =
                only.isEmpty() || only.stream().anyMatch(path -> path.equals(name) || path.startsWith(name + "."));
        return asked && !not.contains(name);
    }

    /** Takes away what is not wanted. */
    ObjectNode apply(ObjectNode resource) {
        for (String name : names(resource)) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!wants(name)) {
                resource.remove(name);
            } else if (!ALWAYS.contains(lower)) {
                parts(resource.get(name), lower);
            }
        }
        return resource;
    }

    private void parts(JsonNode value, String attribute) {
        if (value.isArray()) {
            value.forEach(element -> parts(element, attribute));
        } else if (value instanceof ObjectNode object) {
            boolean whole = only.isEmpty() || only.contains(attribute);
            for (String part : names(object)) {
                String path = attribute + "." + part.toLowerCase(Locale.ROOT);
                if (not.contains(path) || !(whole || only.contains(path))) {
                    object.remove(part);
                }
            }
        }
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> names(@Nullable String list) {
        if (list == null || list.isBlank()) {
            return new HashSet<>();
        }
        return Arrays.stream(list.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .map(name -> name.startsWith("urn:") ? name.substring(name.lastIndexOf(':') + 1) : name)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }
}
