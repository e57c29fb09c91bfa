package io.campanile.cli.clusters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how many workers. */
final class SizeWish {
    private static final Pattern BOUNDS = Pattern.compile("([0-9]{1,9})-([0-9]{1,9})");

    @Option(names = "--workers", paramLabel = "N", description = "How many workers; 0: a single node.")
    @Nullable
    Integer workers;

    @Option(
            names = "--autoscale",
            paramLabel = "MIN-MAX",
            description = "As many workers as the load asks for, between these numbers.")
    @Nullable
    String bounds;

    /** Puts what was given where the API takes it. */
    void put(ObjectNode settings) {
        if (workers != null && bounds != null) {
            throw CliFailure.usage("Give --workers or --autoscale, not both.");
        }
        if (workers != null) {
            settings.remove("autoscale");
            settings.put("num_workers", workers);
        }
        if (bounds != null) {
            Matcher read = BOUNDS.matcher(bounds);
            if (!read.matches()) {
                throw CliFailure.usage("--autoscale is two numbers with a dash between them, such as 1-4.");
            }
            settings.remove("num_workers");
            settings.putObject("autoscale")
                    .put("min_workers", Integer.parseInt(read.group(1)))
                    .put("max_workers", Integer.parseInt(read.group(2)));
        }
    }
}
