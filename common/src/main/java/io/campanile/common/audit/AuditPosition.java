package io.campanile.common.audit;

import io.campanile.common.errors.ApiException;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in the log of all services: by time, then by service, then by number. */
public record AuditPosition(long atMicros, String service, long eventId) implements Comparable<AuditPosition> {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18}):([a-z-]{1,64}):(\\d{1,18})");
    private static final Comparator<AuditPosition> ORDER = Comparator.comparingLong(AuditPosition::atMicros)
            .thenComparing(AuditPosition::service)
            .thenComparingLong(AuditPosition::eventId);

    /** Reads what {@link #toString} wrote; {@code field} names it in the error. */
    public static AuditPosition parse(String text, String field) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw ApiException.invalid(field + " is not one that this API gave");
        }
        return new AuditPosition(Long.parseLong(matcher.group(1)), matcher.group(2), Long.parseLong(matcher.group(3)));
    }

    @Override
    public int compareTo(AuditPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return atMicros + ":" + service + ":" + eventId;
    }
}
