package io.campanile.gateway.own;

import io.campanile.common.http.Requires;
import io.campanile.common.http.RouteInfo;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The gateway's own routes, found by method and exact path. */
public final class OwnRoutes {
    private final Map<String, OwnRoute> routes = new LinkedHashMap<>();

    public void add(HttpMethod method, String path, Requires requires, OwnRoute.Handler handler) {
        OwnRoute earlier = routes.put(method + " " + path, new OwnRoute(method, path, requires, handler));
        if (earlier != null) {
            throw new IllegalStateException("Mounted twice: " + method + " " + path);
        }
    }

    public Optional<OwnRoute> find(HttpMethod method, String path) {
        return Optional.ofNullable(routes.get(method + " " + path));
    }

    public List<RouteInfo> dump() {
        return routes.values().stream().map(OwnRoute::info).toList();
    }
}
