package io.campanile.clusters.cluster;

import io.campanile.common.errors.ApiException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A secret in the place of a setting's value: <code>{{secrets/scope/key}}</code>. */
public record SecretReference(String scope, String key) {
    private static final String BEGINNING = "{{secrets/";
    private static final Pattern WHOLE =
            Pattern.compile("\\{\\{secrets/([A-Za-z0-9_@.-]{1,128})/([A-Za-z0-9_@.-]{1,128})}}");

    /** The reference that a value is; empty for a plain value, 400 for one that is meant as a reference and is none. */
    static Optional<SecretReference> of(String field, String value) {
        Matcher whole = WHOLE.matcher(value);
        if (whole.matches()) {
            return Optional.of(new SecretReference(whole.group(1), whole.group(2)));
        }
        if (value.contains(BEGINNING)) {
            throw ApiException.invalid(
                    field + ": a secret is written {{secrets/<scope>/<key>}}, and is the whole value");
        }
        return Optional.empty();
    }

    /** The reference of a value that was checked when it was given. */
    public static Optional<SecretReference> of(String value) {
        return of("", value);
    }
}
