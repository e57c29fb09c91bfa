package io.campanile.cli.cost;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be set of a budget. */
final class BudgetWishes {
    /** A day or a month of UTC. */
    enum Period {
        day,
        month
    }

    @Option(names = "--amount", paramLabel = "N", description = "What may be spent in each period.")
    @Nullable
    BigDecimal amount;

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
            description = "${COMPLETION-CANDIDATES}; a new one is of months.")
    @Nullable
    Period period;

    @Option(names = "--user", paramLabel = "NAME", description = "Of the clusters of a person.")
    @Nullable
    String user;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", description = "Of the clusters with a tag.")
    @Nullable
    String tag;

    @Option(names = "--workspace", description = "Of all clusters of the workspace, as a new one is.")
    boolean workspace;

    @Option(
            names = "--notify",
            paramLabel = "PERCENT",
            description = "Tell clusters when so much is spent. The three together replace those there were.")
    List<Integer> notify = new ArrayList<>();

    @Option(names = "--refuse", paramLabel = "PERCENT", description = "Refuse starts and growth when so much is spent.")
    @Nullable
    Integer refuse;

    @Option(names = "--stop", paramLabel = "PERCENT", description = "End clusters when so much is spent.")
    @Nullable
    Integer stop;

    @Option(names = "--grace", paramLabel = "MINUTES", description = "Between telling a cluster and ending it.")
    @Nullable
    Long grace;

    /** Says what was given, and leaves the rest as it is. */
    void into(ObjectNode request) {
        if (Stream.of(user != null, tag != null, workspace)
                        .filter(given -> given)
                        .count()
                > 1) {
            throw CliFailure.usage("Give one of --user, --tag and --workspace.");
        }
        if (amount != null) {
            request.put("amount", amount);
        }
        if (period != null) {
            request.put("period", period.name().toUpperCase(java.util.Locale.ROOT));
        }
        scope(request);
        if (!notify.isEmpty() || refuse != null || stop != null) {
            ArrayNode thresholds = request.putArray("thresholds");
            notify.forEach(percent -> add(thresholds, percent, "NOTIFY"));
            add(thresholds, refuse, "REFUSE");
            add(thresholds, stop, "STOP");
        }
        if (grace != null) {
            request.put("grace_minutes", grace);
        }
    }

    private void scope(ObjectNode request) {
        if (workspace) {
            request.put("scope", "WORKSPACE");
        }
        if (user != null) {
            request.put("scope", "USER").put("user_name", user);
        }
        if (tag != null) {
            int equals = tag.indexOf('=');
            if (equals < 1) {
                throw CliFailure.usage("--tag is NAME=VALUE, not " + tag + ".");
            }
            request.put("scope", "TAG")
                    .put("tag_key", tag.substring(0, equals))
                    .put("tag_value", tag.substring(equals + 1));
        }
    }

    private static void add(ArrayNode thresholds, @Nullable Integer percent, String action) {
        if (percent != null) {
            thresholds.addObject().put("percent", percent).put("action", action);
        }
    }
}
