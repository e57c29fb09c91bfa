package io.campanile.common.audit;

import io.campanile.common.errors.ApiException;
import io.vertx.core.MultiMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the audit log are wanted, the newest first.
 *
 * @param user a name, or an id
 * @param action the beginning of one
 * @param from milliseconds since the epoch, inclusive
 * @param to milliseconds since the epoch, exclusive
 * @param before only rows before this place
 */
public record AuditQuery(
        @Nullable String user,
        @Nullable String action,
        @Nullable String outcome,
        @Nullable String resource,
        @Nullable Long from,
        @Nullable Long to,
        @Nullable AuditPosition before,
        int limit) {
    public static final int MOST = 500;
    private static final List<String> OUTCOMES = List.of("DONE", "DENIED");
    private static final int LONGEST = 512;

    /** Reads a request's parameters; {@code place} names the one with the position, {@code size} that with the limit. */
    public static AuditQuery read(MultiMap parameters, String place, String size, int defaultSize) {
        String before = text(parameters, place);
        String outcome = text(parameters, "outcome");
        if (outcome != null && !OUTCOMES.contains(outcome)) {
            throw ApiException.invalid("outcome must be DONE or DENIED: " + outcome);
        }
        Long wanted = number(parameters, size);
        if (wanted != null && (wanted < 1 || wanted > MOST)) {
            throw ApiException.invalid(size + " must be between 1 and " + MOST);
        }
        return new AuditQuery(
                text(parameters, "user"),
                text(parameters, "action"),
                outcome,
                text(parameters, "resource"),
                number(parameters, "from"),
                number(parameters, "to"),
                before == null ? null : AuditPosition.parse(before, place),
                wanted == null ? defaultSize : wanted.intValue());
    }

    /** The same question from another place on. */
    public AuditQuery from(@Nullable AuditPosition place, int rows) {
        return new AuditQuery(user, action, outcome, resource, from, to, place, rows);
    }

    /** As the query string of {@code /internal/audit}. */
    public String queryString() {
        StringJoiner joined = new StringJoiner("&");
        add(joined, "user", user);
        add(joined, "action", action);
        add(joined, "outcome", outcome);
        add(joined, "resource", resource);
        add(joined, "from", from);
        add(joined, "to", to);
        add(joined, "before", before);
        add(joined, "limit", limit);
        return joined.toString();
    }

    private static void add(StringJoiner joined, String name, @Nullable Object value) {
        if (value != null) {
            joined.add(name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
        }
    }

    private static @Nullable String text(MultiMap parameters, String name) {
        String value = parameters.get(name);
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.length() > LONGEST || value.indexOf('\0') >= 0) {
            throw ApiException.invalid(name + " has at most " + LONGEST + " characters and no NUL");
        }
        return value;
    }

    private static @Nullable Long number(MultiMap parameters, String name) {
        String value = text(parameters, name);
        if (value == null) {
            return null;
        }
        if (!value.matches("\\d{1,15}")) {
            throw ApiException.invalid(name + " must be an integer: " + value);
        }
        return Long.valueOf(value);
    }
}
