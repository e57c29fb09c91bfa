package io.campanile.cli.pools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.wire.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be set of a pool at any time. */
final class PoolWishes {
    @Option(names = "--min-idle", paramLabel = "N", description = "How many idle nodes are kept started.")
    @Nullable
    Long idle;

    @Option(
            names = "--max-capacity",
            paramLabel = "N",
            description = "How many nodes it has at most, those of clusters among them; 0: no limit.")
    @Nullable
    Long most;

    @Option(
            names = "--idle-minutes",
            paramLabel = "N",
            description = "After how many minutes an idle node ends that is not kept.")
    @Nullable
    Long minutes;

    @Option(
            names = "--tag",
            paramLabel = "NAME=VALUE",
            description = "A tag; may be given several times. Replaces those there are.")
    Map<String, String> tags = new LinkedHashMap<>();

    /** Sets what was given, and leaves the rest of the request as it is. */
    void into(ObjectNode request) {
        if (idle != null) {
            request.put("min_idle_instances", idle);
        }
        if (most != null && most < 0) {
            throw CliFailure.usage("--max-capacity is 1 or more, or 0 for no limit.");
        }
        if (most != null && most == 0) {
            request.remove("max_capacity");
        } else if (most != null) {
            request.put("max_capacity", most);
        }
        if (minutes != null) {
            request.put("idle_instance_autotermination_minutes", minutes);
        }
        if (!tags.isEmpty()) {
            ObjectNode set = Json.object();
            tags.forEach(set::put);
            request.set("custom_tags", set);
        }
    }
}
