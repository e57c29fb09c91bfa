package io.campanile.clusters.policy;

/** Spark settings have several spellings. */
public final class SparkKey {
    private static final String PREFIX = "spark.";

    private SparkKey() {}

    /** The one that stands for all of them, without {@code spark.}. */
    public static String normal(String key) {
        String rest = key.strip();
        while (rest.startsWith(PREFIX)) {
            rest = rest.substring(PREFIX.length());
        }
        return rest;
    }

    /** The same with it. */
    public static String full(String key) {
        return PREFIX + normal(key);
    }
}
