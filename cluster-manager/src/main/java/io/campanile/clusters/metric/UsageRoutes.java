package io.campanile.clusters.metric;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our own route to what the nodes of a cluster take; the public API has none. */
public final class UsageRoutes {
    private static final String HOUR = "hour";
    private static final String DAY = "day";

    private final UsageService usage;

    public UsageRoutes(UsageService usage) {
        this.usage = requireNonNull(usage, "usage");
    }

    public void mount(Endpoints api) {
        api.get(
                "/api/campanile/v1/clusters/:cluster_id/metrics",
                Requires.object("clusters.metrics", "cluster"),
                (caller, context) -> {
                    String range = context.request().getParam("range");
                    if (range != null && !range.equals(HOUR) && !range.equals(DAY)) {
                        throw ApiException.invalid("range must be hour or day: " + range);
                    }
                    String clusterId = ApiException.require(context.pathParam("cluster_id"), "cluster_id");
                    return Metrics.of(usage.report(caller, clusterId, DAY.equals(range)));
                });
    }

    /** {@code fields} names the values of each point after its time. */
    record Metrics(long from, long to, long step, List<String> fields, List<NodeMetrics> nodes) {
        static Metrics of(UsageService.Report report) {
            return new Metrics(
                    report.from(),
                    report.to(),
                    report.step(),
                    Sample.FIELDS,
                    report.nodes().stream().map(NodeMetrics::of).toList());
        }
    }

    record NodeMetrics(
            String nodeId,
            String role,
            @Nullable Integer executorId,
            long epoch,
            boolean live,
            long memoryLimit,
            List<List<Number>> points) {
        static NodeMetrics of(UsageService.Series node) {
            return new NodeMetrics(
                    node.key().nodeId(),
                    node.source().role(),
                    node.source().executorId(),
                    node.source().epoch(),
                    node.live(),
                    node.source().memoryLimit(),
                    node.samples().stream().map(Sample::row).toList());
        }
    }
}
