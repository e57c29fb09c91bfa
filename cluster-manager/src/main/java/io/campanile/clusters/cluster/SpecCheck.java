package io.campanile.clusters.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.policy.ClusterSettings;
import java.util.Map;

/** What create says of settings, without making anything. */
public final class SpecCheck implements ClusterSettings {
    private final int mostWorkers;

    /** {@code mostWorkers}: that a cluster may have here. */
    public SpecCheck(int mostWorkers) {
        this.mostWorkers = mostWorkers;
    }

    @Override
    public Map<String, String> implied(ObjectNode settings, String ownerName) {
        return SpecReader.implied(settings, ownerName);
    }

    @Override
    public void check(ObjectNode settings, String ownerName) {
        new SpecReader(settings).read(ownerName, mostWorkers);
    }
}
