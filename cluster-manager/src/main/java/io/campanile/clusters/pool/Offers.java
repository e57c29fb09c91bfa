package io.campanile.clusters.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** What nodes there are to make pools of. Clusters, another feature, know it. */
public interface Offers {
    /** 400 that names the field when there is no such node type, runtime, tag or place. */
    void check(String nodeTypeId, List<String> sparkVersions, Map<String, String> customTags, ObjectNode body);
}
