package io.campanile.clusters.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.campanile.common.errors.ApiException;

/**
 * A regular expression of a tenant. RE2 takes time in proportion to the text, whatever the expression is, but writes
 * counted repetitions out: how long it gets by them is bounded here.
 */
final class BoundedPattern {
    private static final int LONGEST = 1_000;
    private static final int LONGEST_VALUE = 1_024;
    private static final long MOST_STEPS = 5_000;
    /** What RE2 allows. */
    private static final long MOST_TIMES = 1_000;

    private static final java.util.regex.Pattern COUNTED =
            java.util.regex.Pattern.compile("(\\)\\??)?\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

    private final Pattern pattern;

    private BoundedPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** 400 with what is wrong with it. */
    static BoundedPattern of(String text) {
        if (text.isEmpty() || text.length() > LONGEST) {
            throw ApiException.invalid("pattern must have 1 to " + LONGEST + " characters");
        }
        if (steps(text) > MOST_STEPS) {
            throw ApiException.invalid("pattern repeats too much: its repetitions written out are longer than "
                    + MOST_STEPS + " characters");
        }
        try {
            return new BoundedPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw ApiException.invalid("pattern is no regular expression (RE2): " + e.getMessage());
        }
    }

    /** At least as long as the expression with its repetitions written out: repeated groups are taken as nested. */
    private static long steps(String text) {
        long single = text.length();
        long nested = 1;
        java.util.regex.Matcher counted = COUNTED.matcher(text);
        while (counted.find() && nested <= MOST_STEPS) {
            String most = counted.group(3) == null || counted.group(3).isEmpty() ? counted.group(2) : counted.group(3);
            long times = Math.max(1, Long.parseLong(most));
            if (times > MOST_TIMES) {
                return Long.MAX_VALUE;
            }
            if (counted.group(1) == null) {
                single += times;
            } else {
                nested *= times;
            }
        }
        return single * nested;
    }

    /** Whether the whole of the value matches. */
    boolean matches(String value) {
        return value.length() <= LONGEST_VALUE && pattern.matches(value);
    }

    @Override
    public String toString() {
        return pattern.pattern();
    }
}
