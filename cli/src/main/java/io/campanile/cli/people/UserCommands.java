package io.campanile.cli.people;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile users}. */
@Command(name = "users", description = "The people of the workspace. USER is a name or an id.")
public final class UserCommands {
    private final Session session;
    private final People people;

    public UserCommands(Session session) {
        this.session = session;
        this.people = new People(session, Scim.Kind.USER);
    }

    @Command(name = "list", description = "List the users.")
    int list(
            @Option(
                            names = "--filter",
                            paramLabel = "FILTER",
                            description = "A filter of SCIM, such as 'userName sw \"a\"'.")
                    @Nullable
                    String filter) {
        return people.list(filter);
    }

    @Command(name = "show", description = "Show one user, with groups.")
    int show(@Parameters(paramLabel = "USER", description = "Name or id.") String user) {
        return people.show(user);
    }

    @Command(name = "create", description = "Add a user.")
    int create(
            @Parameters(paramLabel = "NAME", description = "What the user signs in with: an e-mail address.")
                    String name,
            @Option(names = "--display-name", paramLabel = "TEXT", description = "The name that others see.") @Nullable
                    String displayName) {
        ObjectNode fields = Json.object().put("userName", name).put("active", true);
        if (displayName != null) {
            fields.put("displayName", displayName);
        }
        JsonNode made = people.scim().create(fields);
        session.done(
                made,
                "Added the user " + name + " with the id " + made.path("id").asText() + ".");
        session.note(
                "To sign in with a password, the user needs a first one from an administrator: page Admin, Users.");
        return 0;
    }

    @Command(name = "delete", description = "Remove users.")
    int delete(
            @Parameters(paramLabel = "USER", arity = "1..*", description = "Names or ids.") List<String> users,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        return people.delete(users, yes);
    }

    @Command(name = "activate", description = "Let a user sign in again.")
    int activate(@Parameters(paramLabel = "USER", description = "Name or id.") String user) {
        return people.activate(user, true);
    }

    @Command(name = "deactivate", description = "Keep a user out; sessions and tokens end.")
    int deactivate(@Parameters(paramLabel = "USER", description = "Name or id.") String user) {
        return people.activate(user, false);
    }
}
