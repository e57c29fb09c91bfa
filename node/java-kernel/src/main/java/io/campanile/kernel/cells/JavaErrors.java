package io.campanile.kernel.cells;

import io.campanile.kernel.cells.CellError.Frame;
import io.campanile.kernel.cells.CellError.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.UnresolvedReferenceException;
import org.jspecify.annotations.Nullable;

/** Turns JShell's diagnostics and exceptions into errors that point into the cell. */
final class JavaErrors {
    private static final Pattern CELL_CLASS = Pattern.compile("REPL\\.\\$JShell\\$\\w+\\$?");
    private static final int MAX_FRAMES = 60;
    private static final int MAX_CAUSES = 10;
    private final JShell shell;
    private final SnippetPlaces places;
    private final Function<Throwable, @Nullable CellError> known;

    JavaErrors(JShell shell, SnippetPlaces places, Function<Throwable, @Nullable CellError> known) {
        this.shell = shell;
        this.places = places;
        this.known = known;
    }

    /** Throws when the event says that the snippet was refused or failed. */
    void check(SnippetEvent event, @Nullable Throwable thrown, CellSource source, int offset)
            throws CellFailedException {
        if (event.status() == Snippet.Status.REJECTED) {
            throw new CellFailedException(compile(event.snippet(), source, offset));
        }
        JShellException exception = event.exception();
        if (exception instanceof UnresolvedReferenceException reference) {
            throw new CellFailedException(CellError.of("Unresolved", unresolved(reference.getSnippet()), Kind.COMPILE)
                    .at(source.position(offset).line(), null));
        }
        if (exception != null) {
            throw new CellFailedException(runtime(thrown == null ? exception : thrown, exception, source, offset));
        }
    }

    private CellError compile(Snippet snippet, CellSource source, int offset) {
        List<Diag> diagnostics =
                shell.diagnostics(snippet).filter(Diag::isError).toList();
        if (diagnostics.isEmpty()) {
            var position = source.position(offset);
            return CellError.of("CompileError", "This statement is not complete", Kind.COMPILE)
                    .at(position.line(), position.column());
        }
        List<String> lines = new ArrayList<>();
        for (Diag diagnostic : diagnostics) {
            var at = source.position(offset + place(diagnostic));
            lines.add(at.line() + ":" + at.column() + ": " + text(diagnostic));
        }
        Diag first = diagnostics.get(0);
        var at = source.position(offset + place(first));
        return new CellError("CompileError", text(first), Kind.COMPILE, at.line(), at.column(), List.of(), lines);
    }

    private static int place(Diag diagnostic) {
        long position = diagnostic.getPosition();
        return (int) (position == Diag.NOPOS ? Math.max(0, diagnostic.getStartPosition()) : position);
    }

    /** javac's words without the made-up classes around a snippet. */
    private static String text(Diag diagnostic) {
        return diagnostic
                .getMessage(Locale.ROOT)
                .lines()
                .filter(line -> !line.strip().startsWith("location:"))
                .map(JavaErrors::withoutWrappers)
                .collect(Collectors.joining("\n"));
    }

    CellError runtime(Throwable thrown, @Nullable JShellException translated, CellSource source, int offset) {
        if (thrown instanceof StopCheck.Stopped) {
            return CellError.interrupted();
        }
        List<Frame> frames = translated instanceof EvalException ? frames(translated, source) : List.of();
        @Nullable
        Integer line = frames.stream()
                .map(Frame::line)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (line == null) {
            // Spark's exceptions carry the server's stack and no frame of the cell: the statement is the best there is.
            line = source.position(offset).line();
        }
        @Nullable CellError special = known.apply(thrown);
        if (special != null) {
            return new CellError(
                    special.name(), special.message(), special.kind(), line, null, frames, special.details());
        }
        String name = withoutWrappers(thrown.getClass().getName());
        String message = thrown.getMessage() == null ? "" : withoutWrappers(thrown.getMessage());
        return new CellError(simple(name), headline(thrown, message), Kind.RUNTIME, line, null, frames, causes(thrown));
    }

    private static String headline(Throwable thrown, String message) {
        if (thrown instanceof StackOverflowError) {
            return "The recursion is too deep (StackOverflowError)";
        }
        if (thrown instanceof OutOfMemoryError) {
            return "The notebook's Java process is out of memory: " + message;
        }
        return message.isEmpty() ? simple(withoutWrappers(thrown.getClass().getName())) : message;
    }

    private static List<String> causes(Throwable thrown) {
        List<String> causes = new ArrayList<>();
        Throwable cause = thrown.getCause();
        while (cause != null && causes.size() < MAX_CAUSES) {
            causes.add("Caused by: " + withoutWrappers(cause.toString()));
            cause = cause.getCause();
        }
        return causes;
    }

    private List<Frame> frames(JShellException translated, CellSource source) {
        List<Frame> frames = new ArrayList<>();
        for (StackTraceElement element : translated.getStackTrace()) {
            if (frames.size() >= MAX_FRAMES) {
                break;
            }
            frames.add(frame(element, source));
        }
        return frames;
    }

    private Frame frame(StackTraceElement element, CellSource source) {
        String file = element.getFileName();
        if (file == null || !file.startsWith("#")) {
            return new Frame(element.toString(), null, true);
        }
        SnippetPlaces.Place place = places.of(file.substring(1));
        int line = place.line() + element.getLineNumber() - 1;
        String type = element.getClassName();
        String name = element.getMethodName().startsWith("lambda$") ? "lambda" : element.getMethodName();
        String what = type.isEmpty() ? name : type + (name.isEmpty() ? "" : "." + name);
        boolean here = place.cell() == source.cell();
        String where = here ? "line " + line : "cell [" + place.cell() + "], line " + line;
        return new Frame(what.isEmpty() ? where : what + " (" + where + ")", here ? line : null, false);
    }

    /** Why a declaration cannot be used yet. */
    String unresolved(DeclarationSnippet snippet) {
        String name = withoutWrappers(snippet.kind().toString().toLowerCase(Locale.ROOT)) + " " + title(snippet);
        List<String> missing = shell.unresolvedDependencies(snippet).toList();
        String why = missing.isEmpty()
                ? shell.diagnostics(snippet).map(JavaErrors::text).collect(Collectors.joining("; "))
                : String.join(", ", missing) + " is declared";
        return missing.isEmpty() ? name + " cannot be used: " + why : name + " cannot be used until " + why;
    }

    private static String title(DeclarationSnippet snippet) {
        return snippet instanceof jdk.jshell.MethodSnippet method
                ? method.name() + "(" + method.parameterTypes() + ")"
                : snippet.name();
    }

    private static String withoutWrappers(String text) {
        return CELL_CLASS.matcher(text).replaceAll("");
    }

    private static String simple(String name) {
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
