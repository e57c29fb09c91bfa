package io.campanile.clusters.cluster;

import io.campanile.common.errors.ApiException;
import java.util.Map;
import java.util.regex.Pattern;

/** The {@code spark_env_vars} of a cluster: what the driver and the kernels of its owner find in their environment. */
final class SparkEnvironment {
    private static final int MOST = 100;
    /** Names and values together: they are kept with the cluster, and with each of its nodes. */
    private static final int LIMIT = 16_000;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /** These say how a process of the platform starts, or where it finds its own. */
    private static final Pattern OF_PLATFORM = Pattern.compile(
            "CAMPANILE_.*|LD_.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|PATH|HOME|TMPDIR"
                    + "|JPY_PARENT_PID|SPARK_(HOME|CONF_DIR|LOCAL_DIRS|DAEMON_.*|.*_OPTS|AUTH_.*)");

    private SparkEnvironment() {}

    /** Refuses what cannot be given; the message names the variable, never its value. */
    static void check(Map<String, String> asked) {
        int length = 0;
        for (Map.Entry<String, String> variable : asked.entrySet()) {
            length += variable.getKey().length() + variable.getValue().length();
        }
        if (asked.size() > MOST || length > LIMIT) {
            throw ApiException.invalid(
                    "spark_env_vars must be at most " + MOST + " variables of " + LIMIT + " characters in all");
        }
        for (Map.Entry<String, String> variable : asked.entrySet()) {
            String field = "spark_env_vars." + variable.getKey();
            if (!NAME.matcher(variable.getKey()).matches()) {
                throw ApiException.invalid(field + " is no name of a variable: letters, digits and _ make one");
            }
            if (OF_PLATFORM.matcher(variable.getKey()).matches()) {
                throw ApiException.invalid(field + " is not a variable that can be given to a cluster");
            }
            String value = variable.getValue();
            if (value.chars().anyMatch(Character::isISOControl)) {
                throw ApiException.invalid(field + " has a value that is not allowed");
            }
            SecretReference.of(field, value);
        }
    }
}
