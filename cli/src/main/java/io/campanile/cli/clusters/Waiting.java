package io.campanile.cli.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Session;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Waiting for what was asked of a cluster, with a line for each thing it says of itself meanwhile. */
final class Waiting {
    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final Set<String> ENDED = Set.of("TERMINATED", "ERROR");
    /** How the server begins to say of a cluster that runs why it has not all the workers it is to have. */
    private static final Pattern TOO_FEW = Pattern.compile("Runs with \\d+ of \\d+ workers\\b");

    @Option(names = "--wait", description = "Return when it is done, and fail when it fails.")
    boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "MINUTES",
            defaultValue = "20",
            converter = Minutes.class,
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    int minutes;

    /** Until it runs; a failure says why it does not, or not with all its workers. */
    JsonNode running(Session session, String id) {
        JsonNode details = until(session, id, Set.of("RUNNING"));
        if (!details.path("state").asText().equals("RUNNING")) {
            throw CliFailure.failed("Cluster " + id + " does not run: it is "
                    + details.path("state").asText() + ". " + why(details));
        }
        String message = details.path("state_message").asText();
        if (TOO_FEW.matcher(message).lookingAt()) {
            throw CliFailure.failed("Cluster " + id + " has not all its workers. " + message);
        }
        return details;
    }

    /** Until nothing of it runs any more. */
    JsonNode ended(Session session, String id) {
        return until(session, id, Set.of());
    }

    private JsonNode until(Session session, String id, Set<String> wanted) {
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

    /** Refuses the option while it is read: nothing has been asked of the server then. */
    static final class Minutes implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (text.matches("0*[1-9][0-9]{0,5}")) {
                return Integer.valueOf(text);
            }
            throw new TypeConversionException("'" + text + "' is not a number of minutes, 1 or more");
        }
    }
}
