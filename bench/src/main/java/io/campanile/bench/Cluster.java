package io.campanile.bench;

import com.databricks.sdk.service.compute.ClusterDetails;
import com.databricks.sdk.service.compute.ListClustersRequest;
import com.databricks.sdk.service.compute.State;
import io.campanile.acceptance.Person;
import java.time.Duration;

/** The clusters of a person and the warm pool, brought into a known state before something is measured. */
final class Cluster {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Person person;

    Cluster(Person person) {
        this.person = person;
    }

    /** Terminates every cluster; returns when none is on its way. */
    void off() throws Exception {
        for (ClusterDetails cluster : person.sdk().clusters().list(new ListClustersRequest())) {
            person.sdk().clusters().delete(cluster.getClusterId());
        }
        Waiting.until("every cluster is terminated", LIMIT, () -> {
            for (ClusterDetails cluster : person.sdk().clusters().list(new ListClustersRequest())) {
                if (cluster.getState() != State.TERMINATED) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Returns when so many nodes of the pool have a driver and a kernel ready. */
    void awaitParked(int nodes) throws Exception {
        Waiting.until(nodes + " nodes parked", LIMIT, () -> parked() == nodes);
    }

    private int parked() throws Exception {
        return person.text("/metrics")
                .lines()
                .filter(line -> line.startsWith("campanile_clusters_pool{") && line.contains("PARKED"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("/metrics does not show the warm pool"));
    }
}
