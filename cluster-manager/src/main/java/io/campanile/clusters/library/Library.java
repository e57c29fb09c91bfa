package io.campanile.clusters.library;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * One library as the public API names it, in the one form that equal ones have.
 *
 * @param kind the field that names it: {@code jar}, {@code maven}, {@code pypi}, ...
 * @param wire the object of the API, without what says nothing
 */
record Library(String kind, JsonNode wire) {
    private static final List<String> FILES = List.of("jar", "egg", "whl", "requirements");
    private static final List<String> PACKAGES = List.of("maven", "pypi", "cran");

    /** Reads an object that {@code policy.Libraries} has checked. */
    static Library of(JsonNode given) {
        ObjectNode wire = Json.MAPPER.createObjectNode();
        for (String kind : FILES) {
            if (given.hasNonNull(kind)) {
                wire.put(kind, given.path(kind).asText());
                return new Library(kind, wire);
            }
        }
        String kind = PACKAGES.stream().filter(given::hasNonNull).findFirst().orElseThrow();
        ObjectNode named = wire.putObject(kind);
        for (String field : List.of("coordinates", "package", "repo")) {
            if (given.path(kind).hasNonNull(field)) {
                named.put(field, given.path(kind).path(field).asText());
            }
        }
        TreeSet<String> exclusions = new TreeSet<>();
        given.path(kind).path("exclusions").forEach(exclusion -> exclusions.add(exclusion.asText()));
        if (!exclusions.isEmpty()) {
            exclusions.forEach(named.putArray("exclusions")::add);
        }
        return new Library(kind, wire);
    }

    static Library read(String stored) {
        return of(Json.read(stored, JsonNode.class));
    }

    String write() {
        return Json.write(wire);
    }

    /** A fingerprint: the same for the same library. */
    String id() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(write().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java", e);
        }
    }

    /** What it is called in messages and in the audit log. */
    String label() {
        JsonNode value = wire.path(kind);
        return value.isTextual()
                ? value.asText()
                : value.path(kind.equals("maven") ? "coordinates" : "package").asText();
    }

    boolean installable() {
        return kind.equals("jar") || kind.equals("maven");
    }
}
