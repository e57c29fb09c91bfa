package io.campanile.clusters.policy;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a rule allows. */
sealed interface Constraint {
    /** Few enough digits to be read in no time. */
    Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,9})?");

    boolean allows(String value);

    /** The rule in words, to go on after the name of an attribute. */
    String inWords();

    /** One value only. */
    record Fixed(String value) implements Constraint {
        @Override
        public boolean allows(String other) {
            return value.equals(other);
        }

        @Override
        public String inWords() {
            return "must be " + Words.brief(value) + " (fixed)";
        }
    }

    /** Not to be given at all. */
    record Forbidden() implements Constraint {
        @Override
        public boolean allows(String value) {
            return false;
        }

        @Override
        public String inWords() {
            return "must not be given (forbidden)";
        }
    }

    /** One of these values. */
    record OneOf(List<String> values) implements Constraint {
        @Override
        public boolean allows(String value) {
            return values.contains(value);
        }

        @Override
        public String inWords() {
            return "must be one of " + Words.list(values) + " (allowlist)";
        }
    }

    /** None of these values. */
    record NoneOf(List<String> values) implements Constraint {
        @Override
        public boolean allows(String value) {
            return !values.contains(value);
        }

        @Override
        public String inWords() {
            return "must be none of " + Words.list(values) + " (blocklist)";
        }
    }

    /** What an expression matches as a whole. */
    record Matching(BoundedPattern pattern) implements Constraint {
        @Override
        public boolean allows(String value) {
            return pattern.matches(value);
        }

        @Override
        public String inWords() {
            return "must match " + Words.brief(pattern.toString()) + " (regex)";
        }
    }

    /** A number, both ends included. */
    record Between(@Nullable BigDecimal least, @Nullable BigDecimal most) implements Constraint {
        @Override
        public boolean allows(String value) {
            if (!NUMBER.matcher(value).matches()) {
                return false;
            }
            BigDecimal number = new BigDecimal(value);
            return (least == null || number.compareTo(least) >= 0) && (most == null || number.compareTo(most) <= 0);
        }

        @Override
        public String inWords() {
            String from = least == null ? "" : " at least " + least.toPlainString();
            String to = most == null ? "" : " at most " + most.toPlainString();
            return "must be" + from + (from.isEmpty() || to.isEmpty() ? "" : " and") + to + " (range)";
        }
    }

    /** Anything. */
    record Unlimited() implements Constraint {
        @Override
        public boolean allows(String value) {
            return true;
        }

        @Override
        public String inWords() {
            return "may be anything (unlimited)";
        }
    }
}
