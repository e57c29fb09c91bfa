package io.campanile.kernel.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The statements of an SQL cell: split at semicolons outside quotes and comments. */
final class SqlScript {
    /** A compound statement holds semicolons of its own, so it is one statement. */
    private static final Pattern COMPOUND = Pattern.compile("(?is)\\A\\s*BEGIN\\b.*\\bEND\\s*;?\\s*\\z");

    private final String text;
    private final List<Statement> statements = new ArrayList<>();
    private int start;
    /** Whether something other than white space and comments has been seen since {@code start}. */
    private boolean hasCode;

    /** A statement and where in the cell its text starts. */
    record Statement(String text, int offset) {}

    private SqlScript(String text) {
        this.text = text;
    }

    static List<Statement> split(String text) {
        if (COMPOUND.matcher(text).matches()) {
            return List.of(new Statement(text, 0));
        }
        SqlScript script = new SqlScript(text);
        script.scan();
        return script.statements;
    }

    private void scan() {
        int at = 0;
        while (at < text.length()) {
            char character = text.charAt(at);
            if (text.startsWith("--", at)) {
                at = endOfLine(at);
            } else if (text.startsWith("/*", at)) {
                at = endOfComment(at);
            } else if (character == '\'' || character == '"' || character == '`') {
                hasCode = true;
                at = endOfQuote(at, character);
            } else if (character == ';') {
                add(at);
                at++;
            } else {
                hasCode |= !Character.isWhitespace(character);
                at++;
            }
        }
        add(text.length());
    }

    private void add(int end) {
        if (hasCode) {
            int from = start;
            while (from < end && Character.isWhitespace(text.charAt(from))) {
                from++;
            }
            statements.add(new Statement(text.substring(from, end).stripTrailing(), from));
        }
        start = end + 1;
        hasCode = false;
    }

    private int endOfLine(int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    /** Spark's comments nest. */
    private int endOfComment(int at) {
        int depth = 0;
        int i = at;
        while (i < text.length()) {
            if (text.startsWith("/*", i)) {
                depth++;
                i += 2;
            } else if (text.startsWith("*/", i)) {
                depth--;
                i += 2;
                if (depth == 0) {
                    return i;
                }
            } else {
                i++;
            }
        }
        return i;
    }

    private int endOfQuote(int at, char quote) {
        int i = at + 1;
        while (i < text.length()) {
            char character = text.charAt(i);
            if (character == '\\' && quote != '`') {
                i += 2;
            } else if (character == quote) {
                return i + 1;
            } else {
                i++;
            }
        }
        return text.length();
    }
}
