package io.campanile.node.agent.logs;

import java.util.Optional;
import java.util.regex.Pattern;

/** What the files of {@code logs/} are called where people read them. */
final class LogNames {
    /** Below it are the logs of init scripts. */
    static final String INIT_SCRIPTS = "init_scripts";

    private static final Pattern LOG = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_-]{0,63})\\.log");
    private static final Pattern ERRORS = Pattern.compile("(?:driver|executor)\\.err");
    private static final Pattern SCRIPT = Pattern.compile("([0-9]{1,4})_(.+)\\.(stdout|stderr)\\.log");
    private static final int LONGEST_SCRIPT = 40;

    private LogNames() {}

    /** The stream of a file; empty for what was rolled, and for the agent's own log, which is the platform's. */
    static Optional<String> stream(String file) {
        if (ERRORS.matcher(file).matches()) {
            return Optional.of("stderr");
        }
        var log = LOG.matcher(file);
        if (!log.matches() || file.equals("agent.log")) {
            return Optional.empty();
        }
        String name = log.group(1);
        return Optional.of(name.equals("driver") || name.equals("executor") ? "log4j" : name);
    }

    /** The stream of what an init script printed. */
    static Optional<String> ofScript(String file) {
        var script = SCRIPT.matcher(file);
        if (!script.matches()) {
            return Optional.empty();
        }
        String name = script.group(2).replaceAll("[^A-Za-z0-9_-]", "_");
        String shown = name.substring(0, Math.min(LONGEST_SCRIPT, name.length()));
        return Optional.of("init-" + script.group(1) + "-" + shown + "-" + script.group(3));
    }
}
