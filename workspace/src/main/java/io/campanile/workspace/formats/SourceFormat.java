package io.campanile.workspace.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The SOURCE format: a file of the notebook's language whose comments mark the cells. Reading what was written, and
 * writing what was read, gives the same again.
 */
public final class SourceFormat {
    private static final String HEADER = " Databricks notebook source";
    private static final String SEPARATOR = " COMMAND ----------";
    private static final String MAGIC = " MAGIC";
    private static final Pattern LINE_ENDS = Pattern.compile("\n+\\z");
    private static final Pattern TITLE = Pattern.compile(" DBTITLE \\d+,(.*)");

    private SourceFormat() {}

    /** The comment sign of a file's first line, if that line says it is a notebook. */
    private static Optional<String> commentOf(String text) {
        String first = text.lines().findFirst().orElse("").stripTrailing();
        for (String comment : List.of("//", "#", "--")) {
            if (first.equals(comment + HEADER)) {
                return Optional.of(comment);
            }
        }
        return Optional.empty();
    }

    /** Whether the text begins as an exported notebook does. */
    public static boolean isNotebook(String text) {
        return commentOf(clean(text)).isPresent();
    }

    /** Whether the text begins as a notebook of {@code language} does. */
    public static boolean isNotebook(String text, Language language) {
        return commentOf(clean(text)).filter(language.comment()::equals).isPresent();
    }

    /** The language the first line lets one conclude; {@code //} is Java's here. */
    public static Optional<Language> languageOf(String text) {
        return commentOf(clean(text)).map(comment -> switch (comment) {
            case "//" -> Language.JAVA;
            case "--" -> Language.SQL;
            default -> Language.PYTHON;
        });
    }

    /** Reads the cells of a file; one without the first line is a notebook all the same. */
    public static Notebook read(String text, Language language) {
        String comment = language.comment();
        List<String> lines = new ArrayList<>(List.of(clean(text).split("\n", -1)));
        if (lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        if (!lines.isEmpty() && lines.get(0).stripTrailing().equals(comment + HEADER)) {
            lines.remove(0);
        }
        List<Cell> cells = new ArrayList<>();
        List<String> current = new ArrayList<>();
        for (String line : lines) {
            if (line.stripTrailing().equals(comment + SEPARATOR)) {
                cells.add(cell(between(current, !cells.isEmpty(), true), language));
                current = new ArrayList<>();
            } else {
                current.add(line);
            }
        }
        if (!cells.isEmpty() || !current.isEmpty()) {
            cells.add(cell(between(current, !cells.isEmpty(), false), language));
        }
        return new Notebook(language, cells);
    }

    /** Like {@link #read}, with how the lines of the file ended. */
    public static ReadFile readFile(String text, Language language) {
        return new ReadFile(read(text, language), new Trimmings(Trimmings.Lines.of(text), null, java.util.Map.of()));
    }

    /** Like {@link #write(Notebook)}, with lines that end as those of the file it came from. */
    public static String write(Notebook notebook, Trimmings trimmings) {
        String text = write(notebook);
        Trimmings.@Nullable Lines lines = trimmings.lines();
        if (lines == null) {
            return text;
        }
        // What ends with a separator or a title, and without a line end, ends with an empty cell.
        boolean bare = lines.open() && endsEmpty(notebook);
        return lines.applied(bare ? LINE_ENDS.matcher(text).replaceFirst("\n") : text);
    }

    /** Writes the cells as a file of the notebook's language. */
    public static String write(Notebook notebook) {
        String comment = notebook.language().comment();
        StringBuilder text = new StringBuilder(comment).append(HEADER).append('\n');
        boolean first = true;
        for (Cell cell : notebook.cells()) {
            if (!first) {
                text.append("\n\n").append(comment).append(SEPARATOR).append("\n\n");
            }
            first = false;
            String body = body(cell, notebook.language());
            if (cell.title() != null) {
                text.append(comment)
                        .append(" DBTITLE 1,")
                        .append(cell.title().replaceAll("\\R", " "))
                        .append(body.isEmpty() ? "" : "\n");
            }
            text.append(body);
        }
        return notebook.cells().isEmpty() ? text.toString() : text.append('\n').toString();
    }

    private static boolean endsEmpty(Notebook notebook) {
        List<Cell> cells = notebook.cells();
        return !cells.isEmpty()
                && body(cells.get(cells.size() - 1), notebook.language()).isEmpty();
    }

    /** The lines of a cell without the one blank line the format puts around a separator. */
    private static List<String> between(List<String> lines, boolean afterSeparator, boolean beforeSeparator) {
        int from = afterSeparator && !lines.isEmpty() && lines.get(0).isBlank() ? 1 : 0;
        int to = lines.size();
        if (beforeSeparator && to > from && lines.get(to - 1).isBlank()) {
            to--;
        }
        return lines.subList(from, to);
    }

    private static Cell cell(List<String> lines, Language language) {
        String comment = language.comment();
        @Nullable String title = null;
        List<String> rest = lines;
        if (!lines.isEmpty() && lines.get(0).startsWith(comment)) {
            Matcher titled = TITLE.matcher(lines.get(0).substring(comment.length()));
            if (titled.matches()) {
                title = titled.group(1);
                rest = lines.subList(1, lines.size());
            }
        }
        String magic = comment + MAGIC;
        boolean foreign = rest.stream().anyMatch(line -> line.startsWith(magic))
                && rest.stream().allMatch(line -> line.isBlank() || isMagic(line, magic));
        // A magic that stands bare means what it means behind a mark: that is how it will be written.
        String source = !foreign
                ? String.join("\n", rest)
                : rest.stream()
                        .filter(line -> isMagic(line, magic))
                        .map(line -> line.length() > magic.length() ? line.substring(magic.length() + 1) : "")
                        .collect(Collectors.joining("\n"));
        Magics.Plain plain = Magics.take(source, language);
        return Cell.of(Cell.newId(), plain.language(), plain.source(), title);
    }

    private static boolean isMagic(String line, String magic) {
        return line.equals(magic) || line.startsWith(magic + " ");
    }

    private static String body(Cell cell, Language language) {
        String source = withPlainEnds(cell.source());
        boolean foreign = cell.language() != language;
        if (foreign || source.startsWith("%") || looksMarked(source, language)) {
            String magic = language.comment() + MAGIC;
            String marked = foreign ? Magics.put(cell.language(), source) : source;
            return marked.lines()
                            .map(line -> line.isEmpty() ? magic : magic + " " + line)
                            .collect(Collectors.joining("\n"))
                    + (marked.endsWith("\n") ? "\n" + magic : "");
        }
        String separator = language.comment() + SEPARATOR;
        if (!source.contains(separator)) {
            return source;
        }
        // A comment that looks like a separator would cut the cell in two when the file is read.
        return Stream.of(source.split("\n", -1))
                .map(line -> line.stripTrailing().equals(separator) ? line + " (in a cell)" : line)
                .collect(Collectors.joining("\n"));
    }

    /** Whether a source in the notebook's own language would be read as a title or as marked lines when it stood bare. */
    private static boolean looksMarked(String source, Language language) {
        String comment = language.comment();
        String magic = comment + MAGIC;
        List<String> lines = List.of(source.split("\n", -1));
        boolean title = lines.get(0).startsWith(comment)
                && TITLE.matcher(lines.get(0).substring(comment.length())).matches();
        return title
                || lines.stream().anyMatch(line -> line.startsWith(magic))
                        && lines.stream().allMatch(line -> line.isBlank() || isMagic(line, magic));
    }

    private static String clean(String text) {
        return withPlainEnds(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    private static String withPlainEnds(String text) {
        return text.replace("\r\n", "\n").replace('\r', '\n');
    }
}
