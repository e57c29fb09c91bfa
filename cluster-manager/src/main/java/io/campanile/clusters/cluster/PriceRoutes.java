package io.campanile.clusters.cluster;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.cost.Prices;
import io.campanile.common.auth.Caller;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** Our own route to what a cluster would cost per hour before there is one: the body is that of create. */
public final class PriceRoutes {
    private final ClusterService clusters;
    private final Prices prices;

    public PriceRoutes(ClusterService clusters, Prices prices) {
        this.clusters = requireNonNull(clusters, "clusters");
        this.prices = requireNonNull(prices, "prices");
    }

    public void mount(Endpoints api) {
        api.post(
                "/api/campanile/v1/clusters/price",
                Requires.user("clusters.price", "cluster"),
                ObjectNode.class,
                this::price);
    }

    /** Says nothing of cost where there is no price; a size that scales costs from {@code min} to {@code max}. */
    private Map<String, Object> price(Caller caller, ObjectNode body) {
        ClusterSpec spec = clusters.specOf(caller, body);
        ClusterSize size = spec.workers();
        ClusterSize.AutoScale bounds = size.autoscale();
        BigDecimal least = prices.of(spec.driverType(), spec.nodeTypeId(), size.initial());
        BigDecimal most = bounds == null ? least : prices.of(spec.driverType(), spec.nodeTypeId(), bounds.maxWorkers());
        Map<String, Object> answer = new LinkedHashMap<>();
        if (most.signum() > 0) {
            answer.put("currency", prices.currency());
            answer.put("price_per_hour", Map.of("min", least, "max", most));
        }
        return answer;
    }
}
