package io.campanile.clusters.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.clusters.pool.Offers;
import io.campanile.common.errors.ApiException;
import java.util.List;
import java.util.Map;

/** Pools are made of the nodes that clusters are made of. */
public final class PoolOffers implements Offers {
    @Override
    public void check(String nodeTypeId, List<String> sparkVersions, Map<String, String> customTags, ObjectNode body) {
        LocalNodeType.of(nodeTypeId);
        for (String version : sparkVersions) {
            Runtimes.versionOf(version);
        }
        if (sparkVersions.stream().distinct().count() < sparkVersions.size()) {
            throw ApiException.invalid("preloaded_spark_versions has one version more than once");
        }
        CustomTags.check(customTags);
        Zones.check(body);
    }
}
