package io.campanile.identity.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings of a workspace that do something, by their names in the public API. */
enum ConfKey {
    /** Whether the lists of addresses count. */
    ENABLE_IP_ACCESS_LISTS("enableIpAccessLists", "true or false", "true|false", "false"),
    /** Whether personal access tokens can be made and used. */
    ENABLE_TOKENS_CONFIG("enableTokensConfig", "true or false", "true|false", "true"),
    /** How long a new token may live; 0 is as long as the installation lets it. */
    MAX_TOKEN_LIFETIME_DAYS("maxTokenLifetimeDays", "a number of days from 0 to 730", "[0-9]{1,3}", "0");

    private final String wire;
    private final String form;
    private final Pattern pattern;
    private final String otherwise;

    ConfKey(String wire, String form, String pattern, String otherwise) {
        this.wire = wire;
        this.form = form;
        this.pattern = Pattern.compile(pattern);
        this.otherwise = otherwise;
    }

    static Optional<ConfKey> of(String wire) {
        return Arrays.stream(values()).filter(key -> key.wire.equals(wire)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(ConfKey::wire).toList();
    }

    String wire() {
        return wire;
    }

    /** What it must look like, in words. */
    String form() {
        return form;
    }

    boolean accepts(String value) {
        return pattern.matcher(value).matches() && (this != MAX_TOKEN_LIFETIME_DAYS || Integer.parseInt(value) <= 730);
    }

    /** Its value where nobody has set it. */
    String otherwise() {
        return otherwise;
    }
}
