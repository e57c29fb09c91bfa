package io.campanile.gateway.own;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.http.Access;
import io.campanile.common.http.RequestIds;
import io.campanile.common.http.Requires;
import io.campanile.common.http.RouteInfo;
import io.campanile.common.json.Json;
import io.campanile.gateway.proxy.RouteTable;
import io.campanile.gateway.upstream.ServiceCalls;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Health, metrics and the dump of every route of the installation with the permission it needs. */
public final class OperationsRoutes {
    private final ServiceCalls services;
    private final RouteTable table;
    private final PrometheusMeterRegistry metrics;

    public OperationsRoutes(ServiceCalls services, RouteTable table, PrometheusMeterRegistry metrics) {
        this.services = requireNonNull(services, "services");
        this.table = requireNonNull(table, "table");
        this.metrics = requireNonNull(metrics, "metrics");
    }

    public void mount(OwnRoutes routes) {
        Requires open = new Requires("health.read", "service", Access.OPEN);
        routes.add(
                HttpMethod.GET,
                "/health/live",
                open,
                (context, nobody) -> JsonAnswer.write(context, 200, Map.of("status", "UP")));
        routes.add(HttpMethod.GET, "/health/ready", open, (context, nobody) -> ready(context));
        routes.add(
                HttpMethod.GET,
                "/metrics",
                Requires.admin("metrics.read", "service"),
                (context, admin) -> context.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .end(metrics.scrape()));
        routes.add(
                HttpMethod.GET,
                "/api/campanile/v1/routes",
                Requires.admin("routes.read", "service"),
                (context, admin) -> dump(context, routes));
    }

    /** Each service answers for itself and its database. */
    private Future<Void> ready(RoutingContext context) {
        Map<String, String> checks = new TreeMap<>();
        List<Future<?>> asked = new ArrayList<>();
        for (String service : table.services()) {
            asked.add(services.get(service, "/health/ready", RequestIds.of(context))
                    .onSuccess(answer -> checks.put(service, "UP"))
                    .onFailure(failure -> checks.put(service, "DOWN")));
        }
        return Future.join(asked)
                .transform(joined -> JsonAnswer.write(
                        context,
                        joined.succeeded() ? 200 : 503,
                        Map.of("status", joined.succeeded() ? "UP" : "DOWN", "checks", checks)));
    }

    private Future<Void> dump(RoutingContext context, OwnRoutes own) {
        List<JsonNode> dumped = new ArrayList<>();
        for (RouteInfo route : own.dump()) {
            dumped.add(described("gateway", Json.MAPPER.valueToTree(route), true));
        }
        RouteInfo pages = new RouteInfo("GET", "/*", "http", "gateway.page.read", "page", Access.OPEN);
        dumped.add(described("gateway", Json.MAPPER.valueToTree(pages), true));
        Future<Void> all = Future.succeededFuture();
        for (String service : table.services()) {
            all = all.compose(done -> services.get(service, "/internal/routes", RequestIds.of(context))
                    .map(routes -> {
                        routes.forEach(route -> dumped.add(described(
                                service,
                                route,
                                table.find(route.path("path").asText())
                                        .filter(service::equals)
                                        .isPresent())));
                        return null;
                    }));
        }
        return all.compose(done -> JsonAnswer.write(context, 200, dumped));
    }

    /** {@code reachable}: through this gateway; the others are on loopback only. */
    private static JsonNode described(String service, JsonNode route, boolean reachable) {
        ObjectNode described = Json.MAPPER.createObjectNode();
        described.put("service", service);
        described.put("public", reachable);
        described.setAll((ObjectNode) route);
        return described;
    }
}
