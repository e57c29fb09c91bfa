package io.campanile.clusters.cluster;

import io.campanile.common.errors.ApiException;
import java.util.List;
import java.util.Map;

/** The runtimes of this version: their keys on the public wire and the Spark that is installed for each. */
final class Runtimes {
    static final String DEFAULT = "4.0.x-scala2.13";
    private static final Map<String, String> VERSIONS = Map.of(DEFAULT, "4.0.1");

    private Runtimes() {}

    static String versionOf(String key) {
        String version = VERSIONS.get(key);
        if (version == null) {
            throw ApiException.invalid("Invalid spark version " + key + ". Available: " + DEFAULT);
        }
        return version;
    }

    static List<Map<String, String>> onTheWire() {
        return VERSIONS.entrySet().stream()
                .map(entry -> Map.of(
                        "key",
                        entry.getKey(),
                        "name",
                        "4.0 LTS (includes Apache Spark " + entry.getValue() + ", Scala 2.13)"))
                .toList();
    }
}
