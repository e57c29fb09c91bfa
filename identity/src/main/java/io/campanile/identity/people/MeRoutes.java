package io.campanile.identity.people;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** "Who am I" in the SCIM shape of the public API and in our own. */
public final class MeRoutes {
    private final PersonService people;

    public MeRoutes(PersonService people) {
        this.people = requireNonNull(people, "people");
    }

    public void mount(Endpoints api) {
        Requires read = Requires.user("identity.me.read", "user");
        api.get("/api/2.0/preview/scim/v2/Me", read, (caller, context) -> scim(people.me(caller)));
        api.get("/api/campanile/v1/me", read, (caller, context) -> own(people.me(caller)));
    }

    /** SCIM is camelCase, so these are maps, which the snake_case mapping leaves alone. */
    private static Map<String, Object> scim(Person person) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:User"));
        user.put("id", Long.toString(person.userId()));
        user.put("userName", person.userName());
        user.put("displayName", person.displayName());
        user.put("active", person.active());
        user.put("emails", List.of(Map.of("type", "work", "value", person.userName(), "primary", true)));
        user.put(
                "groups",
                person.groups().stream()
                        .map(group -> Map.of(
                                "display",
                                group.name(),
                                "type",
                                "direct",
                                "value",
                                Long.toString(group.groupId()),
                                "$ref",
                                "Groups/" + group.groupId()))
                        .toList());
        user.put("entitlements", entitlements(person));
        return user;
    }

    private static List<Map<String, Object>> entitlements(Person person) {
        List<Map<String, Object>> entitlements = new ArrayList<>();
        entitlements.add(Map.of("value", "workspace-access"));
        entitlements.add(Map.of("value", "databricks-sql-access"));
        if (person.admin()) {
            entitlements.add(Map.of("value", "allow-cluster-create"));
        }
        return entitlements;
    }

    private static Me own(Person person) {
        return new Me(
                person.userId(),
                person.userName(),
                person.displayName(),
                person.admin(),
                person.workspaceId(),
                person.workspaceName());
    }

    record Me(
            long userId, String userName, String displayName, boolean admin, long workspaceId, String workspaceName) {}
}
