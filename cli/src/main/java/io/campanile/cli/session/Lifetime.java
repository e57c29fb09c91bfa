package io.campanile.cli.session;

import io.campanile.cli.exit.CliFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a token works, as people write it. */
public final class Lifetime {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\s*(s|m|h|d)");

    private Lifetime() {}

    public static long seconds(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw CliFailure.usage("'" + text + "' is not a time; 30m, 12h and 90d are.");
        }
        long unit = switch (matcher.group(2)) {
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> 1;
        };
        return Long.parseLong(matcher.group(1)) * unit;
    }
}
