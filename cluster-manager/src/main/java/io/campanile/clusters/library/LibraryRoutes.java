package io.campanile.clusters.library;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The wire shape of {@code /api/2.0/libraries}. */
public final class LibraryRoutes {
    private static final String BASE = "/api/2.0/libraries";

    private final LibraryService libraries;

    public LibraryRoutes(LibraryService libraries) {
        this.libraries = requireNonNull(libraries, "libraries");
    }

    public void mount(Endpoints api) {
        api.get(
                BASE + "/all-cluster-statuses",
                Requires.user("clusters.libraries.list", "cluster"),
                (caller, context) -> Map.of(
                        "statuses",
                        libraries.all(caller).stream().map(LibraryRoutes::wire).toList()));
        api.get(
                BASE + "/cluster-status",
                Requires.object("clusters.libraries.get", "cluster"),
                (caller, context) -> wire(libraries.of(caller, named(context))));
        api.post(
                BASE + "/install",
                Requires.object("clusters.libraries.install", "cluster"),
                Change.class,
                (caller, body) -> {
                    libraries.install(caller, body.clusterId(), LibraryReader.installable(body.libraries()));
                    return Map.of();
                });
        api.post(
                BASE + "/uninstall",
                Requires.object("clusters.libraries.uninstall", "cluster"),
                Change.class,
                (caller, body) -> {
                    libraries.uninstall(caller, body.clusterId(), LibraryReader.named(body.libraries()));
                    return Map.of();
                });
    }

    record Change(String clusterId, @Nullable JsonNode libraries) {
        Change {
            ApiException.require(clusterId, "cluster_id");
        }
    }

    private static Map<String, Object> wire(LibraryService.OfCluster of) {
        return Map.of(
                "cluster_id",
                of.clusterId(),
                "library_statuses",
                of.statuses().stream().map(LibraryRoutes::wire).toList());
    }

    private static Map<String, Object> wire(Progress.Status status) {
        Map<String, Object> wire = new LinkedHashMap<>();
        wire.put("library", status.library().wire());
        wire.put("status", status.status());
        List<String> messages = status.messages();
        if (!messages.isEmpty()) {
            wire.put("messages", messages);
        }
        wire.put("is_library_for_all_clusters", false);
        return wire;
    }

    private static String named(RoutingContext context) {
        String id = context.request().getParam("cluster_id");
        return ApiException.require(id == null || id.isEmpty() ? null : id, "cluster_id");
    }
}
