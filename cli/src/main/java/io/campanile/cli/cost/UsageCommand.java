package io.campanile.cli.cost;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code campanile usage}: node hours, and what they cost. */
@Command(
        name = "usage",
        description = {
            "What was used: node hours, and what they cost where nodes have prices.",
            "Administrators see everybody's, others their own. Days are those of UTC."
        })
public final class UsageCommand implements Callable<Integer> {
    private static final String PATH = "/api/campanile/v1/usage";

    /** What lines can have in common. */
    enum By {
        day,
        cluster,
        user,
        tag,
        node_type
    }

    private final Session session;

    @Option(names = "--by", paramLabel = "WHAT", description = "Add up by ${COMPLETION-CANDIDATES}; without it by day.")
    By by = By.day;

    @Option(names = "--tag", paramLabel = "NAME", description = "The tag to group by, with --by tag.")
    @Nullable
    String tag;

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "The first day, as 2026-11-01; without it this month's.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "DATE", description = "The last day; without it today.")
    @Nullable
    String to;

    @Option(names = "--own", description = "Your own usage alone.")
    boolean own;

    @Option(names = "--csv", description = "Print every hour of every node as CSV instead.")
    boolean csv;

    public UsageCommand(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Override
    public Integer call() {
        if ((by == By.tag) != (tag != null)) {
            throw CliFailure.usage("--by tag needs --tag NAME, and --tag needs --by tag.");
        }
        if (csv) {
            return export();
        }
        Call call = asked(Call.get(PATH)).query("group_by", by.name()).query("page_size", "1000");
        ObjectNode answer = session.api().pages(tag == null ? call : call.query("tag", tag), "usage");
        Table table = new Table(heading(), "NODE HOURS", "COST");
        answer.path("usage")
                .forEach(line ->
                        table.row(named(line), hours(line.path("node_seconds").asDouble()), cost(line)));
        session.show(answer, table);
        return 0;
    }

    private int export() {
        try (InputStream body =
                session.api().open(asked(Call.get(PATH + "/export"))).body()) {
            body.transferTo(session.terminal().out());
            return 0;
        } catch (IOException e) {
            throw new CliFailure(ExitCode.FAILURE, "The export broke off: " + e.getMessage(), e);
        }
    }

    private Call asked(Call call) {
        Call asked = own ? call.query("own", "true") : call;
        asked = from == null ? asked : asked.query("start_time", Long.toString(millis(from, 0)));
        return to == null ? asked : asked.query("end_time", Long.toString(millis(to, 1)));
    }

    private static long millis(String date, int daysLater) {
        try {
            return LocalDate.parse(date)
                    .plusDays(daysLater)
                    .atStartOfDay(ZoneOffset.UTC)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new CliFailure(ExitCode.USAGE, "A day is like 2026-11-01, not " + date + ".", e);
        }
    }

    private String heading() {
        return tag == null ? by.name().toUpperCase(Locale.ROOT).replace('_', ' ') : tag;
    }

    private String named(JsonNode line) {
        return switch (by) {
            case day ->
                java.time.Instant.ofEpochMilli(line.path("day").asLong())
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDate()
                        .toString();
            case cluster ->
                line.path("cluster_name").asText() + " ("
                        + line.path("cluster_id").asText() + ")";
            case user -> line.path("user_name").asText();
            case tag -> line.path("tag_value").asText();
            case node_type -> line.path("node_type_id").asText();
        };
    }

    private static String hours(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds / 3600);
    }

    /** Nothing where nothing had a price. */
    private static String cost(JsonNode line) {
        return line.has("amount")
                ? money(line.path("amount").decimalValue()) + " "
                        + line.path("currency").asText()
                : "";
    }

    /** Cents, and more digits where cents say nothing. */
    static String money(BigDecimal amount) {
        boolean small = amount.signum() != 0 && amount.abs().compareTo(new BigDecimal("0.1")) < 0;
        return amount.setScale(small ? 4 : 2, RoundingMode.HALF_UP).toPlainString();
    }
}
