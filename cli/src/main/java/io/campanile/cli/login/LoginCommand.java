package io.campanile.cli.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.profiles.Profile;
import io.campanile.cli.session.Lifetime;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.ApiClient;
import io.campanile.cli.wire.Credentials;
import io.campanile.cli.wire.Host;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Signs in to a server and remembers it as a profile. */
@Command(
        name = "login",
        description = {
            "Sign in to a server and remember it in ~/.campanilecfg.",
            "Without options it asks for the server, the user and the password, and keeps a token that it makes with"
                    + " them; the password is kept nowhere."
        })
public final class LoginCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--host", paramLabel = "URL", description = "The server, such as https://campanile.example.com.")
    @Nullable
    String host;

    @Option(names = "--user", paramLabel = "NAME", description = "Who signs in.")
    @Nullable
    String user;

    @Option(names = "--lifetime", paramLabel = "TIME", description = "How long the token works, such as 12h or 90d.")
    @Nullable
    String lifetime;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    Way way = new Way();

    @Option(
            names = "--data-dir",
            paramLabel = "D",
            description = "With --local: the folder of the installation (default: ~/.campanile).")
    @Nullable
    Path dataDir;

    static final class Way {
        @Option(names = "--browser", description = "Sign in on the server's page in a browser (OAuth with PKCE).")
        boolean browser;

        @Option(names = "--token-stdin", description = "Keep the token that is the first line of standard input.")
        boolean tokenStdin;

        @Option(names = "--local", description = "As the administrator of the installation that runs on this machine.")
        boolean local;

        @Option(
                names = "--password-stdin",
                description = "The password is the first line of standard input; needs --host and --user.")
        boolean passwordStdin;
    }

    public LoginCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Profile profile =
                way.local ? local() : way.tokenStdin ? withToken() : way.browser ? inBrowser() : withPassword();
        session.profiles().file().update(profile.name(), before -> profile);
        ObjectNode answer = Json.object()
                .put("profile", profile.name())
                .put("host", profile.value(Profile.HOST).orElse(""))
                .put("user", profile.value(Profile.USER).orElse(""));
        session.done(
                answer,
                "Signed in to " + answer.path("host").asText() + " as "
                        + answer.path("user").asText() + " (profile " + profile.name() + " of "
                        + session.profiles().file().path() + ").");
        return 0;
    }

    private Profile local() {
        Path folder = dataDir == null ? session.machine().home().resolve(".campanile") : dataDir;
        Path file = folder.resolve("admin.json");
        JsonNode admin;
        try {
            admin = Json.MAPPER.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new CliFailure(
                    io.campanile.cli.exit.ExitCode.FAILURE,
                    file + " cannot be read: there is no installation in " + folder + ", or it is not yours.\n"
                            + "'campanile up' makes one; --data-dir names another folder.",
                    e);
        }
        Host server = Host.parse(admin.path("url").asText());
        ApiClient administrator =
                session.at(server).as(Credentials.token(admin.path("token").asText()));
        // A token of its own: signing out must not end the administrator's.
        return made(server, administrator);
    }

    private Profile withToken() {
        Host server = server();
        String token = session.terminal().line().strip();
        if (token.isEmpty()) {
            throw CliFailure.usage("There is no token on standard input.");
        }
        ApiClient owner = session.at(server).as(Credentials.token(token));
        return profile(server, owner, Map.of(Profile.TOKEN, token));
    }

    private Profile inBrowser() {
        Host server = server();
        ApiClient nobody = session.at(server);
        Map<String, String> values =
                new BrowserSignIn(session, nobody).signIn().into(empty()).values();
        ApiClient owner = nobody.as(Credentials.token(values.getOrDefault(Profile.ACCESS_TOKEN, "")));
        return profile(server, owner, values);
    }

    private Profile withPassword() {
        Host server = server();
        String name = user != null
                ? user
                : way.passwordStdin ? required("--user") : session.terminal().ask("User", "");
        String password = way.passwordStdin
                ? session.terminal().line()
                : session.terminal().askHidden("Password");
        PasswordSignIn signIn = new PasswordSignIn(session.at(server));
        ApiClient owner = signIn.open(name, password);
        try {
            return made(server, owner);
        } finally {
            signIn.close();
        }
    }

    /** A profile with a new token of the person that {@code owner} is signed in as. */
    private Profile made(Host server, ApiClient owner) {
        ObjectNode request = Json.object().put("comment", "campanile login");
        if (lifetime != null) {
            request.put("lifetime_seconds", Lifetime.seconds(lifetime));
        }
        JsonNode made = owner.post("/api/2.0/token/create", request);
        String token = made.path("token_value").asText();
        Map<String, String> values = new HashMap<>();
        values.put(Profile.TOKEN, token);
        values.put(Profile.TOKEN_ID, made.path("token_info").path("token_id").asText());
        return profile(server, owner.as(Credentials.token(token)), values);
    }

    private Profile profile(Host server, ApiClient owner, Map<String, String> values) {
        JsonNode me = owner.get("/api/2.0/preview/scim/v2/Me");
        return new Profile(session.profiles().name(), values)
                .with(Profile.HOST, server.url())
                .with(Profile.USER, me.path("userName").asText());
    }

    private Host server() {
        String before = session.profiles()
                .known()
                .flatMap(profile -> profile.value(Profile.HOST))
                .orElse("http://localhost:8700");
        boolean piped = way.tokenStdin || way.passwordStdin;
        String typed = host != null ? host : session.machine().environment().getOrDefault("CAMPANILE_HOST", "");
        if (typed.isEmpty()) {
            typed = piped ? required("--host") : session.terminal().ask("Server", before);
        }
        Host server = Host.parse(typed);
        if (server.exposed()) {
            session.terminal()
                    .err()
                    .println("Warning: " + server.url() + " is not encrypted; what signs you in can be read on the"
                            + " way. Prefer https.");
        }
        return server;
    }

    private static String required(String option) {
        throw CliFailure.usage("Standard input is taken: " + option + " must be given.");
    }

    private Profile empty() {
        return new Profile(session.profiles().name(), Map.of());
    }
}
