package io.campanile.cli.session;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.profiles.Profile;
import io.campanile.cli.profiles.Profiles;
import io.campanile.cli.terminal.ProgressBar;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.terminal.Terminal;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.Credentials;
import io.campanile.cli.wire.Host;
import io.campanile.cli.wire.Json;
import io.campanile.cli.wire.Retries;
import io.campanile.cli.wire.Wiretap;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a command works with: where it is signed in, and how it tells people and scripts what came of it. */
public final class Session {
    private final GlobalOptions options;
    private final Terminal terminal;
    private final Machine machine;
    private @Nullable ApiClient api;

    public Session(GlobalOptions options, Terminal terminal, Machine machine) {
        this.options = requireNonNull(options, "options");
        this.terminal = requireNonNull(terminal, "terminal");
        this.machine = requireNonNull(machine, "machine");
    }

    public Terminal terminal() {
        return terminal;
    }

    public Machine machine() {
        return machine;
    }

    public Profiles profiles() {
        return new Profiles(machine.environment(), machine.home(), options.profile);
    }

    /** The server, as the person of the profile. */
    public ApiClient api() {
        ApiClient open = api;
        if (open == null) {
            Profiles profiles = profiles();
            Profile profile = profiles.current();
            Host host = Host.parse(profile.value(Profile.HOST)
                    .orElseThrow(() -> new CliFailure(
                            ExitCode.REFUSED,
                            "The profile " + profile.name() + " names no host.\nSign in with: campanile login")));
            ApiClient nobody = at(host);
            open = nobody.as(credentials(profiles, profile, nobody));
            api = open;
        }
        return open;
    }

    /** A server, as nobody yet. */
    public ApiClient at(Host host) {
        Random random = new Random();
        return new ApiClient(
                host,
                Credentials.NONE,
                new Retries(machine.pause(), machine.clock(), random::nextDouble),
                new Wiretap(options.debug ? terminal.err() : null));
    }

    private Credentials credentials(Profiles profiles, Profile profile, ApiClient nobody) {
        if (profile.value(Profile.REFRESH_TOKEN).isPresent()) {
            return new RefreshedToken(profiles.file(), profile, nobody, machine.clock());
        }
        return Credentials.token(profile.value(Profile.TOKEN)
                .orElseThrow(() -> new CliFailure(
                        ExitCode.REFUSED,
                        "The profile " + profile.name() + " has no token.\nSign in with: campanile login")));
    }

    public boolean json() {
        return options.output == GlobalOptions.Output.json;
    }

    public boolean quiet() {
        return options.quiet;
    }

    /** The API's JSON for scripts, the table for people. */
    public void show(JsonNode answer, Table table) {
        if (json()) {
            terminal.out().println(Json.pretty(answer));
            return;
        }
        Terminal.Shape shape = terminal.shape();
        table.print(terminal.out(), shape.output() ? shape.columns() : 0, quiet());
    }

    /** What was done: a note for people, the API's answer for scripts. */
    public void done(JsonNode answer, String note) {
        if (json()) {
            terminal.out().println(Json.pretty(answer));
            return;
        }
        note(note);
    }

    /** A line beside the result. */
    public void note(String text) {
        if (!quiet()) {
            terminal.err().println(io.campanile.cli.terminal.Text.plain(text));
        }
    }

    public ProgressBar progress() {
        Terminal.Shape shape = terminal.shape();
        boolean shown = shape.errors() && !quiet() && !json();
        return new ProgressBar(terminal.err(), shown ? shape.columns() : 0, System::nanoTime);
    }

    /** Goes on only with a yes. */
    public void confirm(boolean agreed, String question) {
        if (!agreed && !terminal.confirm(question)) {
            throw CliFailure.failed("Nothing was changed.");
        }
    }
}
