package io.campanile.cli.clusters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many workers a cluster has: so many, or as many as its work needs between two bounds. */
final class Size {
    private static final Pattern BOUNDS = Pattern.compile("([0-9]{1,6})-([0-9]{1,6})");

    @Option(names = "--workers", paramLabel = "N", description = "So many workers; 0: a single node.")
    @Nullable
    Integer workers;

    @Option(
            names = "--autoscale",
            paramLabel = "MIN-MAX",
            description = "As many workers as its work needs, such as 1-4.")
    @Nullable
    String bounds;

    void into(ObjectNode settings) {
        if (workers != null && bounds != null) {
            throw CliFailure.usage("Give either --workers or --autoscale.");
        }
        if (workers != null) {
            settings.put("num_workers", workers);
        }
        if (bounds != null) {
            Matcher parts = BOUNDS.matcher(bounds);
            if (!parts.matches()) {
                throw CliFailure.usage("--autoscale is written MIN-MAX, such as 1-4: " + bounds);
            }
            settings.putObject("autoscale")
                    .put("min_workers", Integer.parseInt(parts.group(1)))
                    .put("max_workers", Integer.parseInt(parts.group(2)));
        }
    }
}
