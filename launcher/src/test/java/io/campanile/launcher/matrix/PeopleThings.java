package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** People, credentials and settings of workspace A, and something of workspace B. */
final class PeopleThings {
    private final Tenants tenants;
    private final Things things;
    private final DataThings data;

    PeopleThings(Tenants tenants, Things things, DataThings data) {
        this.tenants = tenants;
        this.things = things;
        this.data = data;
    }

    void register() {
        things.maker("token", this::token);
        things.maker("session", this::session);
        things.maker("user", this::user);
        things.maker("group", this::group);
        things.maker("sp", this::servicePrincipal);
        things.maker("secret", this::clientSecret);
        things.maker("iplist", this::addressList);
        things.maker("rented", this::workspace);
        things.maker("other", this::ofAnother);
    }

    private Map<String, String> token() {
        JsonNode made = tenants.send(
                        Identity.OWNER,
                        "POST",
                        "/api/2.0/token/create",
                        Things.json(Map.of("comment", things.canary())))
                .json();
        return Map.of("token", made.path("token_info").path("token_id").asText());
    }

    private Map<String, String> session() {
        String cookie = tenants.session(Identity.OWNER);
        String id = tenants.wire()
                .send(Wire.Call.of("GET", "/api/campanile/v1/me/session", null).with("Cookie", cookie))
                .succeeded("a session")
                .json()
                .path("session_id")
                .asText();
        return Map.of("session", id, "session.cookie", cookie);
    }

    private Map<String, String> user() {
        String name = "user-" + Tenants.unique() + "@matrix";
        return Map.of(
                "user",
                created("Users", scim("User", "userName", name, "displayName", things.canary())),
                "user.name",
                name);
    }

    private Map<String, String> group() {
        return Map.of("group", created("Groups", scim("Group", "displayName", things.canary() + Tenants.unique())));
    }

    private Map<String, String> servicePrincipal() {
        JsonNode made = tenants.send(
                        Identity.ADMIN,
                        "POST",
                        "/api/2.0/preview/scim/v2/ServicePrincipals",
                        scim("ServicePrincipal", "displayName", things.canary()))
                .json();
        return Map.of(
                "sp",
                made.path("id").asText(),
                "sp.app",
                made.path("applicationId").asText());
    }

    /** Of a service principal of its own: each has five at most. */
    private Map<String, String> clientSecret() {
        Map<String, String> principal = servicePrincipal();
        String id = String.valueOf(principal.get("sp"));
        JsonNode made = tenants.send(
                        Identity.ADMIN,
                        "POST",
                        "/api/2.0/accounts/servicePrincipals/" + id + "/credentials/secrets",
                        "{}")
                .json();
        return Map.of(
                "secret", made.path("id").asText(),
                "secret.value", made.path("secret").asText(),
                "secret.sp", id,
                "secret.app", String.valueOf(principal.get("sp.app")));
    }

    private Map<String, String> addressList() {
        JsonNode made = tenants.send(
                        Identity.ADMIN,
                        "POST",
                        "/api/2.0/ip-access-lists",
                        Things.json(Map.of(
                                "label",
                                things.canary() + Tenants.unique(),
                                "list_type",
                                "BLOCK",
                                "ip_addresses",
                                List.of("192.0.2.7"))))
                .json();
        return Map.of("iplist", made.path("ip_access_list").path("list_id").asText());
    }

    /** A workspace more, to be changed or ended. */
    private Map<String, String> workspace() {
        String name = "rented-" + Tenants.unique();
        JsonNode made = tenants.send(
                        Identity.ACCOUNT,
                        "POST",
                        "/api/2.0/accounts/" + tenants.value("account") + "/workspaces",
                        Things.json(Map.of("workspace_name", name, "deployment_name", name)))
                .json();
        return Map.of("rented", made.path("workspace_id").asText());
    }

    /** Of tenant B, to be named beside things of A in one request. */
    private Map<String, String> ofAnother() {
        JsonNode group = tenants.send(
                        Identity.OTHER, "POST", "/api/2.0/preview/scim/v2/Groups", scim("Group", "displayName", "b"))
                .json();
        String path = tenants.value("other.home") + "/folder";
        tenants.send(Identity.OTHER, "POST", "/api/2.0/workspace/mkdirs", Things.json(Map.of("path", path)));
        JsonNode folder = tenants.get(Identity.OTHER, "/api/2.0/workspace/get-status?path=" + path)
                .json();
        return Map.of(
                "other.group", group.path("id").asText(),
                "other.cluster", data.cluster(Identity.OTHER),
                "other.folder", folder.path("object_id").asText());
    }

    private String created(String folder, String body) {
        return tenants.send(Identity.ADMIN, "POST", "/api/2.0/preview/scim/v2/" + folder, body)
                .json()
                .path("id")
                .asText();
    }

    private static String scim(String kind, String... fields) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:" + kind));
        for (int i = 0; i < fields.length; i += 2) {
            resource.put(fields[i], fields[i + 1]);
        }
        return Json.write(resource);
    }
}
