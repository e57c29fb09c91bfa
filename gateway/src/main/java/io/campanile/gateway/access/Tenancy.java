package io.campanile.gateway.access;

import static java.util.Objects.requireNonNull;

import io.campanile.gateway.upstream.Workspaces;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads which workspace a request is for: {@code <host_name>.<base domain>}, {@code ?o=<id>} or a header. More than one
 * of them must agree. Names with further labels, such as those of user content, are no workspace's.
 */
public final class Tenancy {
    /** Sent by clients; meant for the gateway alone. */
    public static final List<String> HEADERS = List.of("X-Databricks-Workspace-Id", "X-Databricks-Org-Id");

    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Set<String> NO_WORKSPACE = Set.of("usercontent");

    private final Set<String> baseDomains;
    private final Workspaces workspaces;

    public Tenancy(Set<String> baseDomains, Workspaces workspaces) {
        this.baseDomains = Set.copyOf(baseDomains);
        this.workspaces = requireNonNull(workspaces, "workspaces");
    }

    public Future<Target> target(RoutingContext context, String requestId) {
        Set<Long> ids = new HashSet<>();
        for (String named : named(context)) {
            if (!ID.matcher(named).matches()) {
                return Future.succeededFuture(Target.NOWHERE);
            }
            ids.add(Long.parseLong(named));
        }
        if (ids.size() > 1) {
            return Future.succeededFuture(Target.NOWHERE);
        }
        OptionalLong wanted = ids.stream().mapToLong(Long::longValue).findFirst();
        Optional<String> label = label(context.request());
        if (label.isEmpty()) {
            return Future.succeededFuture(
                    wanted.isEmpty() ? Target.ANY : new Target(true, OptionalLong.empty(), wanted));
        }
        return workspaces.byHost(label.get(), requestId).map(found -> atHost(found, wanted));
    }

    private static Target atHost(OptionalLong found, OptionalLong wanted) {
        boolean agreed = wanted.isEmpty() || wanted.equals(found);
        return found.isPresent() && agreed ? new Target(true, found, found) : Target.NOWHERE;
    }

    private static List<String> named(RoutingContext context) {
        List<String> named = new ArrayList<>();
        if (context.request().query() != null) {
            named.addAll(context.queryParams().getAll("o"));
        }
        HEADERS.forEach(header -> named.addAll(context.request().headers().getAll(header)));
        return named;
    }

    /** The label before a base domain. */
    private Optional<String> label(HttpServerRequest request) {
        String host = String.valueOf(request.getHeader("Host")).toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        for (String domain : baseDomains) {
            if (name.endsWith("." + domain)) {
                String label = name.substring(0, name.length() - domain.length() - 1);
                return LABEL.matcher(label).matches() && !NO_WORKSPACE.contains(label)
                        ? Optional.of(label)
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
