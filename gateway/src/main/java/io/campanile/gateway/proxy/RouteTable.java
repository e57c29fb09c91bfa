package io.campanile.gateway.proxy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which service owns a path: the longest prefix decides, compared byte by byte; what has no prefix is not served. */
public final class RouteTable {
    private static final Map<String, List<String>> OWNERS = Map.of(
            "identity",
            List.of(
                    "/api/2.0/token/",
                    "/api/2.0/token-management/",
                    "/api/2.0/preview/scim/",
                    "/api/2.0/account/scim/",
                    "/api/2.0/accounts/",
                    "/api/2.0/ip-access-lists",
                    "/api/2.0/workspace-conf",
                    "/api/2.0/permissions/authorization/",
                    "/api/campanile/v1/me",
                    "/api/campanile/v1/sessions",
                    "/api/campanile/v1/users",
                    "/api/campanile/v1/directory",
                    "/api/campanile/v1/audit"),
            "workspace",
            List.of(
                    "/api/2.0/workspace/",
                    "/api/2.0/permissions/notebooks/",
                    "/api/2.0/permissions/directories/",
                    "/api/2.0/permissions/files/",
                    "/api/2.0/permissions/repos/",
                    "/api/2.0/secrets/",
                    "/api/2.0/dbfs/",
                    "/api/2.0/fs/",
                    "/api/2.0/repos",
                    "/api/2.0/git-credentials",
                    "/api/2.1/unity-catalog/",
                    "/api/campanile/v1/objects",
                    "/api/campanile/v1/home",
                    "/api/campanile/v1/search",
                    "/api/campanile/v1/files",
                    "/api/campanile/v1/repos",
                    "/api/campanile/v1/keys"),
            "cluster-manager",
            List.of(
                    "/api/2.0/clusters/",
                    "/api/2.1/clusters/",
                    "/api/2.0/permissions/clusters/",
                    "/api/2.0/permissions/cluster-policies/",
                    "/api/2.0/permissions/instance-pools/",
                    "/api/2.0/instance-pools/",
                    "/api/2.0/policies/clusters/",
                    "/api/2.0/policy-families",
                    "/api/2.0/libraries/",
                    "/api/campanile/v1/clusters",
                    "/api/campanile/v1/policies",
                    "/api/campanile/v1/usage",
                    "/api/campanile/v1/budgets"),
            "notebook-service",
            List.of(
                    "/api/1.2/contexts/",
                    "/api/1.2/commands/",
                    "/api/campanile/v1/notebooks",
                    "/api/campanile/v1/results",
                    "/ws/v1"));

    private final List<Entry> entries = new ArrayList<>();

    private record Entry(String prefix, String service) {
        /** A prefix ends at a segment: "/api/campanile/v1/me" does not own "/api/campanile/v1/metrics". */
        boolean owns(String path) {
            return path.startsWith(prefix)
                    && (prefix.endsWith("/")
                            || path.length() == prefix.length()
                            || path.charAt(prefix.length()) == '/');
        }
    }

    public RouteTable() {
        OWNERS.forEach((service, prefixes) -> prefixes.forEach(prefix -> entries.add(new Entry(prefix, service))));
        entries.sort(Comparator.comparingInt((Entry entry) -> entry.prefix().length())
                .reversed());
    }

    public Optional<String> find(String path) {
        for (Entry entry : entries) {
            if (entry.owns(path)) {
                return Optional.of(entry.service());
            }
        }
        return Optional.empty();
    }

    public SortedSet<String> services() {
        return new TreeSet<>(OWNERS.keySet());
    }
}
