package io.campanile.clusters.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.errors.ApiException;
import java.util.List;

/** Where nodes can be: this machine is one zone. */
final class Zones {
    static final String LOCAL = "local";

    /** Wherever there is room. */
    private static final String ANY = "auto";

    private static final List<String> CLOUDS = List.of("aws_attributes", "gcp_attributes");

    private Zones() {}

    /** Refuses settings that want nodes to be elsewhere. */
    static void check(ObjectNode settings) {
        for (String cloud : CLOUDS) {
            JsonNode zone = settings.path(cloud).path("zone_id");
            boolean here = zone.isMissingNode()
                    || zone.isNull()
                    || zone.asText().isEmpty()
                    || zone.asText().equals(LOCAL)
                    || zone.asText().equalsIgnoreCase(ANY);
            if (!here) {
                throw ApiException.invalid(cloud + ".zone_id must be " + LOCAL + " or " + ANY + ": " + zone.asText());
            }
        }
    }
}
