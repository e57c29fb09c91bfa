package io.campanile.cli.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.ApiFailure;
import io.campanile.cli.wire.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A cluster that somebody named: by its id, or by a name that no other one has. */
final class Found {
    static final String BASE = "/api/2.1/clusters/";
    private static final Pattern ID = Pattern.compile("[0-9]{4}-[0-9]{6}-[0-9a-z]{8}");

    private Found() {}

    /** Its details. */
    static JsonNode details(Session session, String cluster) {
        return byId(session, id(session, cluster));
    }

    static String id(Session session, String cluster) {
        if (cluster.isBlank()) {
            throw CliFailure.usage("Name a cluster.");
        }
        if (ID.matcher(cluster).matches()) {
            return cluster;
        }
        List<String> ids = new ArrayList<>();
        for (JsonNode one : session.api()
                .pages(Call.get(BASE + "list").query("page_size", "100"), "clusters")
                .path("clusters")) {
            if (one.path("cluster_name").asText().equals(cluster)) {
                ids.add(one.path("cluster_id").asText());
            }
        }
        if (ids.size() > 1) {
            throw CliFailure.usage(ids.size() + " clusters are called " + cluster + ": name one by its id, "
                    + String.join(" or ", ids) + ".");
        }
        if (ids.isEmpty()) {
            throw absent(cluster);
        }
        return ids.get(0);
    }

    static JsonNode byId(Session session, String id) {
        try {
            return session.api().json(Call.get(BASE + "get").query("cluster_id", id));
        } catch (ApiFailure e) {
            // The API says of a cluster that is not there that the request is a bad one.
            if (e.status() == 400) {
                throw absent(id);
            }
            throw e;
        }
    }

    private static CliFailure absent(String cluster) {
        return new CliFailure(
                ExitCode.NOT_FOUND,
                "There is no cluster " + cluster
                        + " that you may see.\n'campanile clusters list' shows those you may.");
    }
}
