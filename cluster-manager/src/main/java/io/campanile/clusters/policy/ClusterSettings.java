package io.campanile.clusters.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What policies have to know of the settings of clusters. */
public interface ClusterSettings {
    /** What attributes are that whole settings leave out. */
    Map<String, String> implied(ObjectNode settings, String ownerName);

    /** ApiException with what is wrong with settings whatever a policy says. */
    void check(ObjectNode settings, String ownerName);
}
