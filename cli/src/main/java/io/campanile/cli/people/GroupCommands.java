package io.campanile.cli.people;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.campanile.cli.exit.CliFailure;
import io.campanile.cli.exit.ExitCode;
import io.campanile.cli.session.Session;
import io.campanile.cli.wire.Json;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code campanile groups}. */
@Command(
        name = "groups",
        description = "Groups of users, service principals and other groups. GROUP is a name or an id.")
public final class GroupCommands {
    private final Session session;
    private final People people;

    public GroupCommands(Session session) {
        this.session = session;
        this.people = new People(session, Scim.Kind.GROUP);
    }

    @Command(name = "list", description = "List the groups.")
    int list(
            @Option(names = "--filter", paramLabel = "FILTER", description = "A filter of SCIM.") @Nullable
                    String filter) {
        return people.list(filter);
    }

    @Command(name = "show", description = "Show one group, with its members.")
    int show(@Parameters(paramLabel = "GROUP", description = "Name or id.") String group) {
        return people.show(group);
    }

    @Command(name = "create", description = "Make a group.")
    int create(@Parameters(paramLabel = "NAME", description = "Its name.") String name) {
        JsonNode made = people.scim().create(Json.object().put("displayName", name));
        session.done(
                made,
                "Made the group " + name + " with the id " + made.path("id").asText() + ".");
        return 0;
    }

    @Command(name = "delete", description = "Delete groups; their members stay.")
    int delete(
            @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Names or ids.") List<String> groups,
            @Option(names = "--yes", description = "Do not ask.") boolean yes) {
        return people.delete(groups, yes);
    }

    @Command(name = "add-member", description = "Put a user, a service principal or a group into a group.")
    int addMember(
            @Parameters(paramLabel = "GROUP", description = "Name or id.") String group,
            @Parameters(
                            paramLabel = "MEMBER",
                            arity = "1..*",
                            description = "Names or ids; group:NAME or service-principal:NAME for what is no user.")
                    List<String> members) {
        ArrayNode added = Json.array();
        members.forEach(member -> added.addObject().put("value", id(member)));
        Scim scim = people.scim();
        JsonNode answer = scim.patch(scim.get(group).path("id").asText(), "add", "members", added);
        session.done(answer, "Added " + String.join(", ", members) + " to " + group + ".");
        return 0;
    }

    @Command(name = "remove-member", description = "Take members out of a group.")
    int removeMember(
            @Parameters(paramLabel = "GROUP", description = "Name or id.") String group,
            @Parameters(paramLabel = "MEMBER", arity = "1..*", description = "As for add-member.")
                    List<String> members) {
        Scim scim = people.scim();
        String id = scim.get(group).path("id").asText();
        JsonNode answer = Json.object();
        for (String member : members) {
            answer = scim.patch(id, "remove", "members[value eq " + Scim.quoted(id(member)) + "]", null);
        }
        session.done(answer, "Took " + String.join(", ", members) + " out of " + group + ".");
        return 0;
    }

    private String id(String member) {
        int colon = member.indexOf(':');
        Optional<Scim.Kind> kind = colon < 0 ? Optional.empty() : kind(member.substring(0, colon));
        Scim scim = new Scim(session.api(), kind.orElse(Scim.Kind.USER));
        return scim.find(kind.isPresent() ? member.substring(colon + 1) : member)
                .map(found -> found.path("id").asText())
                .orElseThrow(() -> new CliFailure(
                        ExitCode.NOT_FOUND,
                        "There is no user '" + member + "'.\nFor others write group:NAME or service-principal:NAME."));
    }

    private static Optional<Scim.Kind> kind(String prefix) {
        return switch (prefix) {
            case "user" -> Optional.of(Scim.Kind.USER);
            case "group" -> Optional.of(Scim.Kind.GROUP);
            case "service-principal" -> Optional.of(Scim.Kind.SERVICE_PRINCIPAL);
            default -> Optional.empty();
        };
    }
}
