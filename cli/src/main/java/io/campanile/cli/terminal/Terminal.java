package io.campanile.cli.terminal;

import static java.util.Objects.requireNonNull;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The three streams of a command, and which of them a person sits at. */
public final class Terminal {
    private static final int LONGEST_LINE = 64 * 1024;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Shape shape;
    private final Function<String, char @Nullable []> hidden;

    /** Which streams are a terminal, and how wide it is. Java cannot tell them apart; the script can. */
    public record Shape(boolean input, boolean output, boolean errors, int columns) {
        public static final Shape NONE = new Shape(false, false, false, 0);

        /** As the script writes it: the numbers of the streams that are terminals, and the columns. */
        public static Shape parse(@Nullable String streams, @Nullable String columns) {
            String open = streams == null ? "" : streams;
            int width = columns != null && columns.matches("[0-9]{1,4}") ? Integer.parseInt(columns) : 0;
            return new Shape(open.contains("0"), open.contains("1"), open.contains("2"), width < 20 ? 80 : width);
        }
    }

    /** {@code hidden} asks for a line without showing what is typed; null when it cannot. */
    public Terminal(
            InputStream in, PrintStream out, PrintStream err, Shape shape, Function<String, char @Nullable []> hidden) {
        this.in = requireNonNull(in, "in");
        this.out = requireNonNull(out, "out");
        this.err = requireNonNull(err, "err");
        this.shape = requireNonNull(shape, "shape");
        this.hidden = requireNonNull(hidden, "hidden");
    }

    public InputStream in() {
        return in;
    }

    public PrintStream out() {
        return out;
    }

    public PrintStream err() {
        return err;
    }

    public Shape shape() {
        return shape;
    }

    /** Asks for a line; an empty one means {@code fallback}. */
    public String ask(String question, String fallback) {
        requirePerson(question);
        err.print(question + (fallback.isEmpty() ? "" : " [" + Text.plain(fallback) + "]") + ": ");
        err.flush();
        String answer = line();
        return answer.isBlank() ? fallback : answer.strip();
    }

    /** Asks for something that must not be seen. */
    public String askHidden(String question) {
        requirePerson(question);
        char[] typed = shape.output() ? hidden.apply(question + ": ") : null;
        if (typed == null) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "'" + question + "' can be typed only when input and output are a terminal; without one, pipe it"
                            + " in (--help names the option).");
        }
        return new String(typed);
    }

    /** Whether the person says yes. Refuses to ask where nobody can answer. */
    public boolean confirm(String question) {
        if (!shape.input() || !shape.errors()) {
            throw CliFailure.usage(question + " There is no terminal to answer at: give --yes if it should.");
        }
        err.print(question + " [y/N] ");
        err.flush();
        String answer = line().strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    private void requirePerson(String question) {
        if (!shape.input()) {
            throw CliFailure.usage(
                    "There is no terminal to ask for '" + question + "'; --help names the option for it.");
        }
    }

    /** One line of input, byte by byte: whatever comes after it belongs to somebody else. */
    public String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                if (line.size() == LONGEST_LINE) {
                    throw CliFailure.usage("The line of input is longer than " + LONGEST_LINE + " bytes.");
                }
                line.write(next);
            }
        } catch (IOException e) {
            throw CliFailure.io("The input cannot be read", e);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
