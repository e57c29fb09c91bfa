package io.campanile.cli.people;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile service-principals}. */
@Command(
        name = "service-principals",
        description = "Programs that act under their own name. PRINCIPAL is a name, an application id or an id.")
public final class ServicePrincipalCommands {
    private final Session session;
    private final People people;

    public ServicePrincipalCommands(Session session) {
        this.session = session;
        this.people = new People(session, Scim.Kind.SERVICE_PRINCIPAL);
    }

    @Command(name = "list", description = "List the service principals.")
    int list(
            @Option(names = "--filter", paramLabel = "FILTER", description = "A filter of SCIM.") @Nullable
                    String filter) {
        return people.list(filter);
    }

    @Command(name = "show", description = "Show one service principal, with groups.")
    int show(@Parameters(paramLabel = "PRINCIPAL", description = "Name or id.") String principal) {
        return people.show(principal);
    }

    @Command(name = "create", description = "Add a service principal.")
    int create(@Parameters(paramLabel = "NAME", description = "The name that people see.") String name) {
        JsonNode made =
                people.scim().create(Json.object().put("displayName", name).put("active", true));
        session.done(
                made,
                "Added the service principal " + name + " with the application id "
                        + made.path("applicationId").asText() + ".");
        return 0;
    }

    @Command(name = "delete", description = "Remove service principals.")
    int delete(
            @Parameters(paramLabel = "PRINCIPAL", arity = "1..*", description = "Names or ids.")
                    List<String> principals,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        return people.delete(principals, yes);
    }

    @Command(name = "activate", description = "Let a service principal sign in again.")
    int activate(@Parameters(paramLabel = "PRINCIPAL", description = "Name or id.") String principal) {
        return people.activate(principal, true);
    }

    @Command(name = "deactivate", description = "Keep a service principal out; its tokens end.")
    int deactivate(@Parameters(paramLabel = "PRINCIPAL", description = "Name or id.") String principal) {
        return people.activate(principal, false);
    }
}
