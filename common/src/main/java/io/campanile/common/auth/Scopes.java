package io.campanile.common.auth;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a token with scopes may be used for: routes whose action begins with one of the scope's words. A scope never
 * gives a right, it only leaves the others out. What no scope names needs a token for everything: among it what makes a
 * credential that has no scopes, such as another person's new password or the secret of a client.
 */
public final class Scopes {
    /** Everything the person may do; the same as no scopes at all. */
    public static final String ALL = "all-apis";

    /** Who one is: every token may ask. */
    private static final List<String> ALWAYS = List.of("identity.me.read");

    private static final Map<String, List<String>> ACTIONS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "workspace",
                    List.of(
                            "workspace",
                            "objects",
                            "notebooks",
                            "home",
                            "results",
                            "runs",
                            "attachments",
                            "search",
                            "repos",
                            "git",
                            "permissions")),
            Map.entry("clusters", List.of("clusters", "policies", "pools")),
            Map.entry("billing", List.of("usage", "budgets")),
            Map.entry("command-execution", List.of("contexts", "commands")),
            Map.entry("files", List.of("files", "directories", "uploads", "dbfs", "volumes")),
            Map.entry("unity-catalog", List.of("catalogs", "schemas", "volumes")),
            Map.entry("secrets", List.of("secrets")),
            Map.entry("jobs", List.of("jobs")),
            Map.entry("sql", List.of("sql", "warehouses", "statements")),
            Map.entry(
                    "authentication",
                    List.of(
                            "identity.token",
                            "identity.session",
                            "identity.sign-in",
                            "identity.password.change",
                            "identity.client-secret.list",
                            "identity.client-secret.delete",
                            "identity.token-permission")),
            Map.entry("settings", List.of("identity.conf", "identity.address-list")),
            Map.entry(
                    "scim",
                    List.of(
                            "identity.scim",
                            "identity.user",
                            "identity.group",
                            "identity.service-principal",
                            "identity.directory")),
            Map.entry("provisioning", List.of("identity.workspace", "account")),
            Map.entry("audit", List.of("identity.audit", "audit"))));

    private Scopes() {}

    /** Names that stand for no scope. */
    public static List<String> unknown(Collection<String> scopes) {
        return scopes.stream()
                .filter(scope -> !scope.equals(ALL) && !ACTIONS.containsKey(scope))
                .toList();
    }

    /** Every scope there is, for messages. */
    public static String known() {
        return ALL + ", " + String.join(", ", ACTIONS.keySet());
    }

    /** {@code scopes}: null is everything. */
    public static boolean allow(@Nullable Set<String> scopes, String action) {
        if (scopes == null || scopes.contains(ALL) || ALWAYS.contains(action)) {
            return true;
        }
        return scopes.stream()
                .flatMap(scope -> ACTIONS.getOrDefault(scope, List.of()).stream())
                .anyMatch(word -> action.equals(word) || action.startsWith(word + "."));
    }

    /** Whether {@code wanted} asks for nothing that {@code held} does not have; null is everything. */
    public static boolean within(@Nullable Set<String> wanted, @Nullable Set<String> held) {
        return held == null || held.contains(ALL) || (wanted != null && held.containsAll(wanted));
    }

    /** The scopes of a list with blanks between, as OAuth writes them. */
    public static Set<String> split(String scope) {
        return Arrays.stream(scope.split(" ", -1))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
