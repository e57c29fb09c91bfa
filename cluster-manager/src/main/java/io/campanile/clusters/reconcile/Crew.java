package io.campanile.clusters.reconcile;

import io.campanile.clusters.cluster.Cluster;
import io.campanile.clusters.node.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster that are not gone, by what they are to it.
 *
 * @param driver of its epoch; null when there is none that is to stay
 * @param workers of its epoch, those that are ending too
 * @param strangers drivers it has no use for and all of older epochs: they go before a new driver comes
 */
record Crew(@Nullable Node driver, List<Node> workers, List<Node> strangers) {
    Crew {
        workers = List.copyOf(workers);
        strangers = List.copyOf(strangers);
    }

    static Crew of(Cluster cluster, Observation observation) {
        Node driver = null;
        List<Node> workers = new ArrayList<>();
        List<Node> strangers = new ArrayList<>();
        for (Node node : observation.of(cluster.workspaceId(), cluster.clusterId())) {
            boolean ours = node.epoch() == cluster.epoch();
            if (ours && node.worker()) {
                workers.add(node);
            } else if (ours && node.usable() && driver == null) {
                driver = node;
            } else {
                strangers.add(node);
            }
        }
        return new Crew(driver, workers, strangers);
    }

    boolean nobody() {
        return driver == null && workers.isEmpty() && strangers.isEmpty();
    }
}
