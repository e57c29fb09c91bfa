package io.campanile.clusters.cluster;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Why a cluster was terminated; {@code code} and {@code type} are those of the public API. */
public record Termination(String code, String type, Map<String, String> parameters) {
    public Termination {
        parameters = java.util.Collections.unmodifiableMap(new TreeMap<>(parameters));
    }

    public static Termination byUser(String userName) {
        return new Termination("USER_REQUEST", "SUCCESS", Map.of("username", userName));
    }

    /** Who asked for it; null where nobody did. */
    @Nullable
    String user() {
        return code.equals("USER_REQUEST") ? parameters.get("username") : null;
    }

    public static Termination inactivity(int minutes) {
        return new Termination("INACTIVITY", "SUCCESS", Map.of("inactivity_duration_min", Integer.toString(minutes)));
    }

    /** It was in use, and ran for as long as its workspace lets clusters run. */
    static Termination lifetime(long minutes) {
        return new Termination(
                "SERVERLESS_LONG_RUNNING_TERMINATED",
                "SUCCESS",
                Map.of(
                        "databricks_error_message",
                        "It ran for " + minutes + " minutes, the longest that this workspace lets clusters run"));
    }

    /** A budget is used up, and it had been told. */
    static Termination budget(String message) {
        return new Termination(
                "BUDGET_POLICY_LIMIT_ENFORCEMENT_ACTIVATED",
                "CLIENT_ERROR",
                Map.of("databricks_error_message", message));
    }

    public static Termination shutdown() {
        return new Termination("CLOUD_PROVIDER_SHUTDOWN", "SUCCESS", Map.of());
    }

    /** A failure of the platform; {@code message} is for the user. */
    public static Termination fault(String code, String message) {
        return new Termination(code, "SERVICE_FAULT", Map.of("databricks_error_message", message));
    }

    /** What was asked for cannot be; {@code message} says how to ask for it. */
    public static Termination byClient(String code, String message) {
        return new Termination(code, "CLIENT_ERROR", Map.of("databricks_error_message", message));
    }

    /** The provider had no room. */
    public static Termination stockout(String message) {
        return new Termination(
                "CLOUD_PROVIDER_RESOURCE_STOCKOUT", "CLOUD_FAILURE", Map.of("databricks_error_message", message));
    }
}
