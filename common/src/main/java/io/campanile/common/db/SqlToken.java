package io.campanile.common.db;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A word, a sign or a value of a statement. A quoted word is never a keyword; comments are gone. */
record SqlToken(String text, boolean word, boolean quoted) implements SqlNode {
    private static final SqlToken VALUE = new SqlToken("?", false, false);
    private static final Pattern DOLLARS = Pattern.compile("\\$([A-Za-z_][A-Za-z_0-9]*)?\\$");

    @Override
    public boolean is(String keyword) {
        return !quoted && text.equals(keyword);
    }

    @Override
    public boolean in(Set<String> keywords) {
        return word && !quoted && keywords.contains(text);
    }

    /** The tokens of a statement, in order. */
    static List<SqlToken> all(String sql) {
        List<SqlToken> tokens = new ArrayList<>();
        int i = 0;
        while (i < sql.length()) {
            char c = sql.charAt(i);
            int end;
            if (Character.isWhitespace(c)) {
                end = i + 1;
            } else if (sql.startsWith("--", i)) {
                end = after(sql, "\n", i + 2);
            } else if (sql.startsWith("/*", i)) {
                end = afterComment(sql, i);
            } else if (c == '\'') {
                end = afterQuotes(sql, i, sql.substring(Math.max(0, i - 2), i).matches("(^|\\W)[eE]"));
                tokens.add(VALUE);
            } else if (c == '"') {
                end = afterQuotes(sql, i, false);
                tokens.add(new SqlToken(sql.substring(i + 1, Math.max(i + 1, end - 1)), true, true));
            } else if (Character.isLetter(c) || c == '_') {
                end = afterWord(sql, i);
                tokens.add(new SqlToken(sql.substring(i, end).toLowerCase(Locale.ROOT), true, false));
            } else if (Character.isDigit(c)) {
                end = afterWord(sql, i);
                tokens.add(VALUE);
            } else if (c == '$') {
                end = afterDollars(sql, i);
                tokens.add(VALUE);
            } else {
                end = i + 1;
                tokens.add(new SqlToken(String.valueOf(c), false, false));
            }
            i = end;
        }
        return tokens;
    }

    private static int after(String sql, String end, int from) {
        int found = sql.indexOf(end, from);
        return found < 0 ? sql.length() : found + end.length();
    }

    /** PostgreSQL lets comments stand in comments. */
    private static int afterComment(String sql, int start) {
        int depth = 1;
        int i = start + 2;
        while (i < sql.length() && depth > 0) {
            if (sql.startsWith("/*", i)) {
                depth++;
                i += 2;
            } else if (sql.startsWith("*/", i)) {
                depth--;
                i += 2;
            } else {
                i++;
            }
        }
        return i;
    }

    /** A doubled quote is a part of what is quoted, and so is one after a backslash where those escape. */
    private static int afterQuotes(String sql, int start, boolean escapes) {
        char quote = sql.charAt(start);
        int i = start + 1;
        while (i < sql.length()) {
            if (escapes && sql.charAt(i) == '\\') {
                i++;
            } else if (sql.charAt(i) == quote) {
                if (i + 1 >= sql.length() || sql.charAt(i + 1) != quote) {
                    return i + 1;
                }
                i++;
            }
            i++;
        }
        return sql.length();
    }

    private static int afterDollars(String sql, int start) {
        Matcher tag = DOLLARS.matcher(sql).region(start, sql.length());
        return tag.lookingAt() ? after(sql, tag.group(), tag.end()) : afterWord(sql, start);
    }

    private static int afterWord(String sql, int start) {
        int i = start;
        while (i < sql.length() && (Character.isLetterOrDigit(sql.charAt(i)) || "_$".indexOf(sql.charAt(i)) >= 0)) {
            i++;
        }
        return i;
    }
}
