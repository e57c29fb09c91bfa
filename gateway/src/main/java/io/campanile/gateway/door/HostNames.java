package io.campanile.gateway.door;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names this gateway answers to; anything else is DNS rebinding or a mistake. */
public final class HostNames {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
    private static final Pattern UNDER_LOCALHOST = Pattern.compile("(?:[a-z0-9-]{1,63}\\.)+localhost");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final Set<String> configured;
    private final Set<String> baseDomains;

    /** {@code baseDomains}: a workspace has its host name under each of them. */
    public HostNames(Set<String> configured, Set<String> baseDomains) {
        this.configured = Set.copyOf(configured);
        this.baseDomains = Set.copyOf(baseDomains);
    }

    /** {@code host}: a Host header, with or without a port. */
    boolean allows(String host) {
        Matcher form = FORM.matcher(host);
        if (!form.matches()) {
            return false;
        }
        String name = form.group(1).toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(name)
                || configured.contains(name)
                || UNDER_LOCALHOST.matcher(name).matches()
                || baseDomains.contains(name)
                || baseDomains.contains(name.substring(name.indexOf('.') + 1));
    }
}
