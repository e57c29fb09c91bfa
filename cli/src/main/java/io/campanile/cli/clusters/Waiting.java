package io.campanile.cli.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Session;
import java.time.Duration;
import java.util.Set;
import picocli.CommandLine.Option;

/** Waiting for what was asked of a cluster, with a line for each thing it says of itself meanwhile. */
final class Waiting {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Set<String> ENDED = Set.of("TERMINATED", "ERROR");

    @Option(names = "--wait", description = "Return when it is done, and fail when it fails.")
    boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "MINUTES",
            defaultValue = "20",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    int minutes;

    /** Until it runs; a failure says why it does not. */
    JsonNode running(Session session, String id) {
        JsonNode details = until(session, id, Set.of("RUNNING"));
        if (!details.path("state").asText().equals("RUNNING")) {
            throw CliFailure.failed("Cluster " + id + " does not run: it is "
                    + details.path("state").asText() + ". " + why(details));
        }
        return details;
    }

    /** Until nothing of it runs any more. */
    JsonNode ended(Session session, String id) {
        return until(session, id, Set.of());
    }

    private JsonNode until(Session session, String id, Set<String> wanted) {
        if (minutes < 1) {
            throw CliFailure.usage("--timeout is a number of minutes.");
        }
        String said = "";
        // Time is counted by the pauses: what is asked in between takes little of it.
        for (long left = Duration.ofMinutes(minutes).toMillis(); ; left -= EVERY.toMillis()) {
            JsonNode details = Found.byId(session, id);
            String state = details.path("state").asText();
            if (wanted.contains(state) || ENDED.contains(state)) {
                return details;
            }
            String says = state + ": " + details.path("state_message").asText();
            if (!says.equals(said)) {
                session.note(says);
                said = says;
            }
            if (left <= 0) {
                throw new CliFailure(
                        ExitCode.UNAVAILABLE,
                        "Cluster " + id + " is still " + state + " after " + minutes + " minutes; it goes on.");
            }
            session.api().retries().pause(EVERY);
        }
    }

    private static String why(JsonNode details) {
        JsonNode reason = details.path("termination_reason");
        String message = details.path("state_message").asText();
        String told = reason.path("parameters").path("databricks_error_message").asText(message);
        String code = reason.path("code").asText();
        return (told.isEmpty() ? message : told) + (code.isEmpty() ? "" : " [" + code + "]");
    }
}
