package io.campanile.kernel.cells;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;
import org.jspecify.annotations.Nullable;

/** Completion and signatures inside a cell that has not been run yet. Same thread as the evaluation. */
public final class CellCompletion {
    private static final int MAX_MATCHES = 500;
    private final SourceCodeAnalysis analysis;

    public CellCompletion(SourceCodeAnalysis analysis) {
        this.analysis = analysis;
    }

    /** The matches replace the text from {@code start} to the cursor. */
    public record Matches(List<String> texts, int start) {}

    public Matches complete(String code, int cursor) {
        Context context = context(code.substring(0, cursor));
        int[] anchor = {-1};
        List<Suggestion> found =
                analysis.completionSuggestions(context.text(), context.text().length(), anchor);
        if (found.isEmpty() || anchor[0] < 0) {
            return new Matches(List.of(), cursor);
        }
        Map<String, Boolean> texts = new LinkedHashMap<>();
        found.stream()
                .sorted((a, b) -> Boolean.compare(b.matchesType(), a.matchesType()))
                .forEach(suggestion -> texts.putIfAbsent(suggestion.continuation(), true));
        int start = cursor - (context.text().length() - anchor[0]);
        return new Matches(texts.keySet().stream().limit(MAX_MATCHES).toList(), Math.max(0, start));
    }

    /** Signatures of the call around the cursor, else the type of the expression before it; null when unknown. */
    public @Nullable String inspect(String code, int cursor) {
        int end = cursor;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        Context context = context(code.substring(0, end));
        List<Documentation> documents =
                analysis.documentation(context.text(), context.text().length(), false);
        if (documents.isEmpty() && end < code.length() && code.charAt(end) == '(') {
            String called = context.text() + "(";
            documents = analysis.documentation(called, called.length(), false);
        }
        if (!documents.isEmpty()) {
            return documents.stream().map(Documentation::signature).distinct().collect(Collectors.joining("\n"));
        }
        String expression = context.statement().strip();
        String type = expression.isEmpty() ? null : analysis.analyzeType(expression, expression.length());
        return type == null ? null : type + " " + expression;
    }

    /** {@code text} is what JShell is asked about; {@code statement} the unfinished statement alone. */
    private record Context(String text, String statement) {}

    /**
     * JShell completes one statement. The ones before it in the cell become the start of a block around it, so that
     * their variables are known, unless a declaration among them cannot stand in a block.
     */
    private Context context(String before) {
        List<String> earlier = new ArrayList<>();
        String rest = before;
        boolean block = true;
        while (true) {
            CompletionInfo next = analysis.analyzeCompletion(rest);
            String remaining = next.remaining();
            boolean more = next.completeness() == SourceCodeAnalysis.Completeness.COMPLETE
                    && remaining != null
                    && !remaining.isEmpty();
            if (!more || next.source() == null || remaining == null) {
                break;
            }
            Snippet.Kind kind = kind(next.source());
            if (kind != Snippet.Kind.IMPORT) {
                earlier.add(next.source());
                block &= kind == Snippet.Kind.VAR || kind == Snippet.Kind.EXPRESSION || kind == Snippet.Kind.STATEMENT;
            }
            rest = remaining;
        }
        if (earlier.isEmpty() || !block) {
            return new Context(rest, rest);
        }
        return new Context("{" + String.join("\n", earlier) + rest, rest);
    }

    private Snippet.Kind kind(String source) {
        List<Snippet> snippets = analysis.sourceToSnippets(source);
        return snippets.isEmpty() ? Snippet.Kind.ERRONEOUS : snippets.get(0).kind();
    }
}
