package io.campanile.cli.profiles;

import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.wire.Host;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which server, and who: a profile named on the command line, else CAMPANILE_HOST and CAMPANILE_TOKEN, which stand in
 * for those of the profile DEFAULT.
 */
public final class Profiles {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@-]{1,64}");

    private final ProfileFile file;
    private final Map<String, String> environment;
    private final @Nullable String named;

    public Profiles(Map<String, String> environment, Path home, @Nullable String named) {
        String elsewhere = environment.getOrDefault("CAMPANILE_CONFIG_FILE", "");
        this.file = new ProfileFile(elsewhere.isEmpty() ? home.resolve(".campanilecfg") : Path.of(elsewhere));
        this.environment = environment;
        this.named = named;
        if (named != null && !NAME.matcher(named).matches()) {
            throw CliFailure.usage("'" + named + "' cannot be the name of a profile: letters, digits and _ . @ - can.");
        }
    }

    public ProfileFile file() {
        return file;
    }

    /** The name that a sign-in writes to. */
    public String name() {
        return named == null ? Profile.DEFAULT : named;
    }

    /** The profile as far as it is known, also when nobody is signed in. */
    public Optional<Profile> known() {
        return file.find(name());
    }

    /** Who commands act for. */
    public Profile current() {
        String host = environment.getOrDefault("CAMPANILE_HOST", "");
        String token = environment.getOrDefault("CAMPANILE_TOKEN", "");
        if (named == null && !host.isEmpty() && !token.isEmpty()) {
            return new Profile("the environment", Map.of(Profile.HOST, host, Profile.TOKEN, token));
        }
        Profile profile = known().orElseThrow(this::unknown);
        Map<String, String> values = new HashMap<>(profile.values());
        if (named == null && !host.isEmpty() && !sameServer(host, values.getOrDefault(Profile.HOST, ""))) {
            // A token belongs to its server and is shown to no other.
            throw new CliFailure(
                    ExitCode.REFUSED,
                    "CAMPANILE_HOST is " + host + ", but the profile " + name() + " is signed in to "
                            + values.get(Profile.HOST) + ".\nSet CAMPANILE_TOKEN too, or unset CAMPANILE_HOST.");
        }
        if (named == null && !token.isEmpty()) {
            values.keySet().retainAll(java.util.Set.of(Profile.HOST));
            values.put(Profile.TOKEN, token);
        }
        return new Profile(profile.name(), values);
    }

    private static boolean sameServer(String one, String other) {
        return !other.isEmpty() && Host.parse(one).equals(Host.parse(other));
    }

    private CliFailure unknown() {
        String others = file.all().stream().map(Profile::name).collect(Collectors.joining(", "));
        return new CliFailure(
                ExitCode.REFUSED,
                "Nobody is signed in: " + file.path() + " has no profile " + name()
                        + (others.isEmpty() ? "" : " (it has " + others + ")") + ".\nSign in with: campanile login"
                        + (named == null ? "" : " --profile " + named));
    }
}
