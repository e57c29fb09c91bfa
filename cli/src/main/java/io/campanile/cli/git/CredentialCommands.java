package io.campanile.cli.git;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Call;
import io.campanile.cli.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile repos credentials}. */
@Command(name = "credentials", description = "Your tokens for git servers; they are kept sealed and never shown.")
public final class CredentialCommands {
    private static final String CREDENTIALS = "/api/2.0/git-credentials";
    private static final int LONGEST = 8 * 1024;
    private final Session session;

    public CredentialCommands(Session session) {
        this.session = requireNonNull(session, "session");
    }

    @Command(name = "list", description = "List your git credentials.")
    int list() {
        JsonNode answer = session.api().get(CREDENTIALS);
        Table table = new Table("ID", "PROVIDER", "NAME", "USER", "DEFAULT");
        answer.path("credentials")
                .forEach(one -> table.row(
                        one.path("credential_id").asText(),
                        one.path("git_provider").asText(),
                        one.path("name").asText(),
                        one.path("git_username").asText(),
                        one.path("is_default_for_provider").asBoolean() ? "yes" : ""));
        session.show(answer, table);
        return 0;
    }

    @Command(
            name = "create",
            description = {
                "Keep a token for a provider.",
                "The token is typed without being shown, or is the first line of standard input. It is never an argument."
            })
    int create(
            @Parameters(paramLabel = "PROVIDER", description = "Such as gitHub, gitLab, bitbucketCloud.")
                    String provider,
            @Option(names = "--user", paramLabel = "NAME", description = "Your name at the provider.") @Nullable
                    String user,
            @Option(names = "--name", paramLabel = "NAME", description = "What to call it, where there are several.")
                    @Nullable
                    String name) {
        ObjectNode request = Json.object().put("git_provider", provider).put("personal_access_token", token());
        if (user != null) {
            request.put("git_username", user);
        }
        if (name != null) {
            request.put("name", name);
        }
        JsonNode answer = session.api().post(CREDENTIALS, request);
        session.done(
                answer, "Keeping git credential " + answer.path("credential_id").asText() + ".");
        return 0;
    }

    @Command(name = "delete", description = "Delete a git credential.")
    int delete(@Parameters(paramLabel = "ID", description = "As 'list' shows it.") String id) {
        session.done(
                session.api().json(Call.of("DELETE", CREDENTIALS + "/" + Call.encoded(id))),
                "Deleted git credential " + id + ".");
        return 0;
    }

    private String token() {
        if (session.terminal().shape().input()) {
            return session.terminal().askHidden("Token");
        }
        try {
            String text = new String(session.terminal().in().readNBytes(LONGEST), StandardCharsets.UTF_8);
            String token = text.lines().findFirst().orElse("").strip();
            if (token.isEmpty()) {
                throw CliFailure.usage("There is no token on standard input.");
            }
            return token;
        } catch (IOException e) {
            throw CliFailure.io("The token cannot be read", e);
        }
    }
}
