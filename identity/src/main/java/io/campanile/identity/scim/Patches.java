package io.campanile.identity.scim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.unboundid.scim2.common.Path;
import com.unboundid.scim2.common.exceptions.BadRequestException;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.messages.PatchOpType;
import com.unboundid.scim2.common.messages.PatchOperation;
import io.campanile.common.http.ApiException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies a PATCH request (RFC 7644, 3.5.2) to a resource. Beyond the RFC, as clients of the public API send it: names of
 * operations in any case, and a removal that lists the values to remove.
 */
final class Patches {
    private static final int MOST = 1_000;
    private static final int LONGEST_PATH = 1_024;

    private final String schema;
    private final KnownAttributes known;

    /** {@code schema}: the URN that may stand before an attribute's name. */
    Patches(String schema, KnownAttributes known) {
        this.schema = schema;
        this.known = known;
    }

    void apply(ObjectNode resource, ObjectNode request) {
        @Nullable JsonNode operations = request.get("Operations");
        if (!(operations instanceof ArrayNode list) || list.isEmpty()) {
            throw ScimFailures.invalidValue("Operations must be a list of at least one operation");
        }
        if (list.size() > MOST) {
            throw ScimFailures.invalidValue("Operations has at most " + MOST + " operations");
        }
        for (JsonNode operation : list) {
            apply(resource, operation);
        }
    }

    private void apply(ObjectNode resource, JsonNode operation) {
        PatchOpType type = type(operation.path("op").asText());
        @Nullable JsonNode value = operation.get("value");
        @Nullable JsonNode path = operation.get("path");
        if (path != null && !path.isNull() && !path.asText().isBlank()) {
            apply(resource, type, path.asText().strip(), value);
            return;
        }
        if (type == PatchOpType.REMOVE) {
            throw new ApiException(
                    io.campanile.common.http.ErrorCode.INVALID_PARAMETER_VALUE,
                    "A removal needs a path",
                    List.of(Map.of(ScimFailures.TYPE, "noTarget")),
                    null);
        }
        if (!(value instanceof ObjectNode object)) {
            throw ScimFailures.invalidValue("An operation without a path needs an object as its value");
        }
        List<Map.Entry<String, JsonNode>> parts = new ArrayList<>(object.properties());
        for (Map.Entry<String, JsonNode> part : parts) {
            if (!part.getKey().equalsIgnoreCase("schemas")) {
                apply(resource, type, part.getKey(), part.getValue());
            }
        }
    }

    private void apply(ObjectNode resource, PatchOpType type, String path, @Nullable JsonNode value) {
        try {
            Path target = path(path);
            known.require(target);
            if (type != PatchOpType.REMOVE && value == null) {
                throw ScimFailures.invalidValue("The operation on " + path + " needs a value");
            }
            // What is assigned null is not assigned any more (RFC 7643, 2.5).
            if (type == PatchOpType.REMOVE || value == null || value.isNull()) {
                known.requireNoLoss(target);
                remove(resource, target, value);
                return;
            }
            PatchOperation.create(type, target, listed(resource, target, value)).apply(resource);
        } catch (BadRequestException e) {
            String scimType = e.getScimError().getScimType();
            throw new ApiException(
                    io.campanile.common.http.ErrorCode.INVALID_PARAMETER_VALUE,
                    "The operation on " + Resources.shown(path) + " is not possible: " + e.getMessage(),
                    List.of(Map.of(ScimFailures.TYPE, scimType == null ? "invalidValue" : scimType)),
                    e);
        } catch (ScimException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw ScimFailures.invalidPath("The operation on " + Resources.shown(path) + " is not possible");
        }
    }

    private static void remove(ObjectNode resource, Path target, @Nullable JsonNode value) throws ScimException {
        if (target.size() == 2 && !resource.hasNonNull(target.getElement(0).getAttribute())) {
            // Nothing has a part of what is not assigned, and what is not there need not be removed.
            return;
        }
        @Nullable JsonNode present = present(resource, target);
        if (value == null || value.isNull() || !(present instanceof ArrayNode array)) {
            PatchOperation.remove(target).apply(resource);
            return;
        }
        Set<String> gone = new HashSet<>();
        (value.isArray() ? value : List.of(value)).forEach(element -> gone.add(named(element)));
        for (int i = array.size() - 1; i >= 0; i--) {
            if (gone.contains(named(array.get(i)))) {
                array.remove(i);
            }
        }
    }

    /** One value for an attribute that has many is a list of it; the library would put it in the place of all. */
    private static JsonNode listed(ObjectNode resource, Path target, JsonNode value) {
        return present(resource, target) instanceof ArrayNode && !value.isArray() && !value.isNull()
                ? resource.arrayNode().add(value)
                : value;
    }

    /** What is at a path that is the name of an attribute alone. */
    private static @Nullable JsonNode present(ObjectNode resource, Path target) {
        boolean plain = target.size() == 1 && target.getElement(0).getValueFilter() == null;
        return plain ? resource.get(target.getElement(0).getAttribute()) : null;
    }

    private static String named(JsonNode element) {
        return (element.isObject() ? element.path("value") : element).asText();
    }

    private Path path(String text) throws BadRequestException {
        String path = text.regionMatches(true, 0, schema + ":", 0, schema.length() + 1)
                ? text.substring(schema.length() + 1)
                : text;
        if (path.length() > LONGEST_PATH) {
            throw ScimFailures.invalidPath("A path has at most " + LONGEST_PATH + " characters");
        }
        try {
            return Path.fromString(FilterParser.bounded(path));
        } catch (IndexOutOfBoundsException | NullPointerException e) {
            throw ScimFailures.invalidPath("The path " + Resources.shown(path) + " cannot be read");
        }
    }

    private static PatchOpType type(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "add" -> PatchOpType.ADD;
            case "replace" -> PatchOpType.REPLACE;
            case "remove" -> PatchOpType.REMOVE;
            default -> throw ScimFailures.invalidValue("op must be add, replace or remove");
        };
    }
}
