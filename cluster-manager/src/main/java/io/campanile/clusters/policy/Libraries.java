package io.campanile.clusters.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Lists of libraries as requests have them, those of policies and of clusters. */
public final class Libraries {
    private static final int MOST = 100;
    private static final int LONGEST = 2_048;
    private static final Set<String> FILES = Set.of("jar", "egg", "whl", "requirements");
    /** What a package of each kind is named by. */
    private static final Map<String, String> PACKAGES =
            Map.of("pypi", "package", "cran", "package", "maven", "coordinates");

    private Libraries() {}

    /** Each has one kind and is named; 400, with the field, otherwise. */
    public static void check(JsonNode libraries) {
        if (!libraries.isArray() || libraries.size() > MOST) {
            throw ApiException.invalid("libraries must be a list of at most " + MOST);
        }
        for (int i = 0; i < libraries.size(); i++) {
            check("libraries[" + i + "]", libraries.get(i));
        }
    }

    private static void check(String field, JsonNode library) {
        Set<String> kinds = new TreeSet<>(FILES);
        kinds.addAll(PACKAGES.keySet());
        List<String> given =
                kinds.stream().filter(kind -> library.hasNonNull(kind)).toList();
        if (given.size() != 1) {
            throw ApiException.invalid(field + " needs exactly one of " + String.join(", ", kinds));
        }
        String kind = given.get(0);
        if (FILES.contains(kind)) {
            text(field + "." + kind, library.path(kind));
            return;
        }
        JsonNode named = library.path(kind);
        text(field + "." + kind + "." + PACKAGES.get(kind), named.path(PACKAGES.get(kind)));
        if (named.hasNonNull("repo")) {
            text(field + "." + kind + ".repo", named.path("repo"));
        }
        JsonNode exclusions = named.path("exclusions");
        if (!exclusions.isMissingNode() && !exclusions.isNull()) {
            exclusions(field + "." + kind + ".exclusions", exclusions);
        }
    }

    private static void exclusions(String field, JsonNode exclusions) {
        if (!exclusions.isArray() || exclusions.size() > MOST) {
            throw ApiException.invalid(field + " must be a list of at most " + MOST);
        }
        exclusions.forEach(exclusion -> text(field, exclusion));
    }

    private static void text(String field, JsonNode value) {
        if (!value.isTextual()
                || value.asText().isBlank()
                || value.asText().length() > LONGEST
                || value.asText().chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid(field + " must be a text of at most " + LONGEST + " characters");
        }
    }
}
