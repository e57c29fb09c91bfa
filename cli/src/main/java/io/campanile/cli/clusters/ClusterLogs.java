package io.campanile.cli.clusters;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Show;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.terminal.Text;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile clusters logs}: what the nodes of a cluster printed. */
@Command(
        name = "logs",
        description = {
            "Show what the nodes of a cluster printed, the driver's log4j of its latest start unless told otherwise.",
            "Logs are for those who manage the cluster."
        })
public final class ClusterLogs implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int PIECE = 1 << 20;
    private static final String USUAL = "log4j";

    private final Session session;

    @Parameters(paramLabel = "CLUSTER", description = "Its id or its name.")
    String cluster = "";

    @Option(names = "--list", description = "List the logs there are, those of earlier starts too.")
    boolean list;

    @Option(
            names = "--node",
            paramLabel = "NODE",
            description = "The id of a node, 'driver', or the number of a worker (default: driver).")
    String node = "driver";

    @Option(names = "--stream", paramLabel = "NAME", description = "Such as stderr or log4j (default: log4j).")
    @Nullable
    String stream;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "How many of the last lines (default: ${DEFAULT-VALUE}).")
    int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is printed, until the node ends.")
    boolean follow;

    public ClusterLogs(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Override
    public Integer call() {
        if (lines < 0) {
            throw CliFailure.usage("--lines must not be negative.");
        }
        if (follow && session.json()) {
            throw CliFailure.usage("--follow prints lines; it does not go with --output json.");
        }
        String base = "/api/campanile/v1/clusters/" + Call.encoded(Found.id(session, cluster)) + "/logs";
        JsonNode answer = session.api().get(base);
        if (list) {
            show(answer);
            return 0;
        }
        JsonNode log = chosen(answer.path("logs"));
        String path = base + "/" + Call.encoded(log.path("node_id").asText()) + "/"
                + Call.encoded(log.path("stream").asText());
        long next = last(path);
        if (follow) {
            follow(base, path, log, next);
        }
        return 0;
    }

    private void show(JsonNode answer) {
        Table table = new Table("NODE", "ROLE", "START", "STREAM", "SIZE", "LAST LINE", "RUNS");
        answer.path("logs")
                .forEach(log -> table.row(
                        log.path("node_id").asText(),
                        role(log),
                        log.path("epoch").asText(),
                        log.path("stream").asText(),
                        Show.size(log.path("size").asLong()),
                        Show.time(log.path("last_at").asLong()),
                        log.path("live").asBoolean() ? "yes" : "no"));
        session.show(answer, table);
    }

    private static String role(JsonNode log) {
        return log.path("role").asText().equals("WORKER")
                ? "worker " + log.path("executor_id").asText()
                : "driver";
    }

    /** Of those that fit what was asked for, the one of the latest start. */
    private JsonNode chosen(JsonNode logs) {
        List<JsonNode> fitting = new ArrayList<>();
        for (JsonNode log : logs) {
            boolean named = log.path("node_id").asText().equals(node)
                    || role(log).equals(node)
                    || role(log).equals("worker " + node);
            if (named && (stream == null || log.path("stream").asText().equals(stream))) {
                fitting.add(log);
            }
        }
        long latest = fitting.stream()
                .mapToLong(log -> log.path("epoch").asLong())
                .max()
                .orElse(0);
        fitting.removeIf(log -> log.path("epoch").asLong() < latest);
        return fitting.stream()
                .filter(log -> log.path("stream").asText().equals(USUAL))
                .findFirst()
                .or(() -> fitting.stream().findFirst())
                .orElseThrow(() -> new CliFailure(
                        ExitCode.NOT_FOUND,
                        "There is no such log of " + cluster + ".\n'campanile clusters logs " + cluster
                                + " --list' shows those there are."));
    }

    /** Prints the last lines; answers where the log goes on. */
    private long last(String path) {
        JsonNode page = session.api().json(Call.get(path).query("limit", Integer.toString(PIECE)));
        long next = page.path("next").asLong();
        StringBuilder text = new StringBuilder(page.path("text").asText());
        long first = page.path("offset").asLong();
        while (count(text) < lines && first > 0) {
            JsonNode earlier = session.api()
                    .json(Call.get(path).query("before", Long.toString(first)).query("limit", Integer.toString(PIECE)));
            if (earlier.path("text").asText().isEmpty()
                    || earlier.path("offset").asLong() >= first) {
                break;
            }
            first = earlier.path("offset").asLong();
            text.insert(0, earlier.path("text").asText());
        }
        String shown = ending(text);
        if (session.json()) {
            session.show(Json.object().put("text", shown).put("next", next), new Table("TEXT"));
        } else {
            print(shown);
        }
        return next;
    }

    private static long count(StringBuilder text) {
        return text.chars().filter(character -> character == '\n').count();
    }

    /** The last lines of a text; one without an end is one. */
    private String ending(StringBuilder text) {
        int at = text.length();
        if (lines == 0 || at == 0) {
            return "";
        }
        at = text.charAt(at - 1) == '\n' ? at - 1 : at;
        for (int left = lines; left > 0 && at >= 0; left--) {
            at = text.lastIndexOf("\n", at - 1);
        }
        return text.substring(at + 1);
    }

    private void follow(String base, String path, JsonNode log, long begin) {
        long next = begin;
        while (!session.terminal().out().checkError()) {
            // Asked before the end is looked at: what comes last is printed before the node is said to have ended.
            boolean lives = lives(base, log);
            JsonNode page = session.api()
                    .json(Call.get(path).query("offset", Long.toString(next)).query("limit", Integer.toString(PIECE)));
            print(page.path("text").asText());
            boolean more = page.path("next").asLong() > next;
            next = page.path("next").asLong();
            if (!lives && !more) {
                session.note("The node has ended.");
                return;
            }
            if (page.path("end").asBoolean()) {
                session.api().retries().pause(LOOK);
            }
        }
    }

    private boolean lives(String base, JsonNode log) {
        for (JsonNode one : session.api().get(base).path("logs")) {
            if (one.path("node_id").equals(log.path("node_id"))) {
                return one.path("live").asBoolean();
            }
        }
        return false;
    }

    /** Lines as they are but for what a terminal would obey. */
    private void print(String text) {
        StringBuilder plain = new StringBuilder();
        for (String line : text.split("(?<=\n)", -1)) {
            String said = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
            plain.append(String.join(
                    "\t",
                    List.of(said.split("\t", -1)).stream().map(Text::plain).toList()));
            plain.append(line.endsWith("\n") ? "\n" : "");
        }
        session.terminal().out().print(plain);
        session.terminal().out().flush();
    }
}
