package io.campanile.common.db;

import java.util.Set;

/** A part of a statement: a word, a sign, a value, or what stands in one pair of parentheses. */
sealed interface SqlNode permits SqlToken, SqlGroup {
    /** Whether this is that keyword or sign; a quoted word never is. */
    default boolean is(String keyword) {
        return false;
    }

    /** Whether this is one of those keywords. */
    default boolean in(Set<String> keywords) {
        return false;
    }

    /** Whether this can name a table, a column or an alias. */
    default boolean word() {
        return false;
    }

    /** The word or sign as it is compared: unquoted words in lower case, values as a question mark. */
    default String text() {
        return "";
    }
}
