package io.campanile.workspace.secrets;

import io.campanile.common.errors.ApiException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a scope or of a key in one: kept as it was written, found whatever the case. */
record SecretName(String text) {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_@.-]{1,128}");

    static SecretName scope(@Nullable String text) {
        return checked(text, "scope");
    }

    static SecretName key(@Nullable String text) {
        return checked(text, "key");
    }

    private static SecretName checked(@Nullable String text, String field) {
        String given = ApiException.require(text, field);
        if (!ALLOWED.matcher(given).matches()) {
            throw ApiException.invalid(field + " must be 1 to 128 letters, digits, '-', '_', '@' or '.'");
        }
        return new SecretName(given);
    }

    /** What it is found by; the pattern leaves only ASCII to fold. */
    String folded() {
        return text.toLowerCase(Locale.ROOT);
    }
}
