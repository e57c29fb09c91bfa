package io.campanile.identity.scim;

import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.filters.Filter;
import com.unboundid.scim2.common.utils.Parser;
import io.campanile.common.errors.ApiException;

/** Reads SCIM filters. What is too long or too deep is refused before the parser, which recurses, sees it. */
final class FilterParser {
    private static final int LONGEST = 8 * 1024;
    private static final int DEEPEST = 32;
    private static final int MOST_TERMS = 200;

    private FilterParser() {}

    static Filter parse(String text) {
        String bounded = bounded(text);
        try {
            return Parser.parseFilter(bounded);
        } catch (ScimException e) {
            throw invalid(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // The parser trips over some broken texts, such as one that ends within an escape.
            throw invalid("it cannot be read");
        }
    }

    /** The text with single-quoted strings, which clients of the public API send too, as JSON strings. */
    static String bounded(String text) {
        if (text.isBlank()) {
            throw invalid("it is empty");
        }
        if (text.length() > LONGEST) {
            throw invalid("it has more than " + LONGEST + " characters");
        }
        return new Scan(text).run();
    }

    private static ApiException invalid(String why) {
        String shown = why.length() > 200 ? why.substring(0, 200) + "..." : why;
        return ScimFailures.invalidFilter("The filter is not valid: " + shown);
    }

    /** One pass over a text, outside and inside of its strings. */
    private static final class Scan {
        private final String text;
        private final StringBuilder out = new StringBuilder();
        private char quote;
        private int depth;
        private int words;

        Scan(String text) {
            this.text = text;
        }

        String run() {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quote != 0) {
                    i = inside(c, i);
                } else {
                    outside(c);
                }
            }
            if (quote != 0) {
                throw invalid("a string does not end");
            }
            return out.toString();
        }

        private void outside(char c) {
            if (c == '"' || c == '\'') {
                quote = c;
                out.append('"');
                return;
            }
            if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            } else if (c == ' ') {
                words++;
            }
            if (depth > DEEPEST) {
                throw invalid("it is nested deeper than " + DEEPEST);
            }
            if (words > MOST_TERMS * 4) {
                throw invalid("it has more than " + MOST_TERMS + " terms");
            }
            out.append(c);
        }

        private int inside(char c, int at) {
            if (c == '\\' && at + 1 < text.length()) {
                char escaped = text.charAt(at + 1);
                out.append(escaped == '\'' ? "" : "\\").append(escaped);
                return at + 1;
            }
            if (c == quote) {
                quote = 0;
                out.append('"');
            } else {
                out.append(c == '"' ? "\\\"" : String.valueOf(c));
            }
            return at;
        }
    }
}
