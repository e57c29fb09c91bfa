package io.campanile.cli.terminal;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people read them. */
public final class Show {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private Show() {}

    /** Milliseconds since the epoch in the time of this machine; nothing for none. */
    public static String time(long millis) {
        return millis <= 0 ? "" : MINUTE.format(Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()));
    }

    /** Bytes with the unit that leaves three figures. */
    public static String size(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit < 4) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.1f %cB" : "%.0f %cB", value, "kMGTP".charAt(unit));
    }
}
