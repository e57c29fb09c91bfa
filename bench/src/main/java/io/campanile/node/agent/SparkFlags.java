package io.campanile.node.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What a JVM with Spark in it is started with, for peers that are to have the same. */
public final class SparkFlags {
    private SparkFlags() {}

    /** {@code jars}: of a runtime. */
    public static List<String> of(Path jars) throws IOException {
        return Distribution.launchArgs(jars);
    }
}
