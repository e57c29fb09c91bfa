package io.campanile.cli.people;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import io.campanile.cli.session.Session;
import io.campanile.cli.terminal.Table;
import io.campanile.cli.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the commands for users, groups and service principals have in common. */
final class People {
    private final Session session;
    private final Scim.Kind kind;

    People(Session session, Scim.Kind kind) {
        this.session = session;
        this.kind = kind;
    }

    Scim scim() {
        return new Scim(session.api(), kind);
    }

    int list(@Nullable String filter) {
        JsonNode answer = scim().list(filter);
        Table table = switch (kind) {
            case USER -> new Table("ID", "USER", "NAME", "ACTIVE");
            case GROUP -> new Table("ID", "GROUP", "MEMBERS");
            case SERVICE_PRINCIPAL -> new Table("ID", "APPLICATION ID", "NAME", "ACTIVE");
        };
        for (JsonNode one : answer.path("Resources")) {
            String id = one.path("id").asText();
            String name = one.path("displayName").asText();
            String active = one.path("active").asBoolean(true) ? "yes" : "no";
            switch (kind) {
                case USER -> table.row(id, one.path("userName").asText(), name, active);
                case GROUP ->
                    table.row(id, name, Integer.toString(one.path("members").size()));
                case SERVICE_PRINCIPAL ->
                    table.row(id, one.path("applicationId").asText(), name, active);
            }
        }
        session.show(answer, table);
        return 0;
    }

    int show(String nameOrId) {
        JsonNode one = scim().get(nameOrId);
        Table table = new Table("FIELD", "VALUE");
        for (String field : List.of("id", "userName", "applicationId", "displayName", "active", "externalId")) {
            if (one.hasNonNull(field)) {
                table.row(field, one.path(field).asText());
            }
        }
        for (String field : List.of("emails", "groups", "members", "entitlements", "roles")) {
            for (JsonNode value : one.path(field)) {
                String text = value.path("display").asText(value.path("value").asText());
                table.row(field, text);
            }
        }
        session.show(one, table);
        return 0;
    }

    int delete(List<String> namesOrIds, boolean yes) {
        List<JsonNode> all = new ArrayList<>();
        Scim scim = scim();
        namesOrIds.forEach(nameOrId -> all.add(scim.get(nameOrId)));
        session.confirm(yes, "Delete the " + kind.title() + " " + String.join(", ", namesOrIds) + "?");
        JsonNode answer = Json.object();
        for (JsonNode one : all) {
            answer = scim.delete(one.path("id").asText());
        }
        session.done(answer, "Deleted " + String.join(", ", namesOrIds) + ".");
        return 0;
    }

    int activate(String nameOrId, boolean active) {
        Scim scim = scim();
        JsonNode one = scim.get(nameOrId);
        JsonNode answer = scim.patch(one.path("id").asText(), "replace", "active", BooleanNode.valueOf(active));
        session.done(
                answer,
                nameOrId
                        + (active
                                ? " may sign in."
                                : " may sign in no more; the sessions and tokens that there were have ended."));
        return 0;
    }
}
