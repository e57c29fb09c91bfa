package io.campanile.identity.scim;

import static io.campanile.identity.testing.DirectoryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.identity.testing.DirectoryFixture;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reaches the wire byte by byte: filters, failures, the sequences of Terraform, the audit log. */
final class ScimWireTest {
    private static final String SCIM = "/api/2.0/preview/scim/v2/";

    @TempDir
    static Path dataDir;

    private static DirectoryFixture platform;

    @BeforeAll
    static void start() throws Exception {
        platform = new DirectoryFixture(dataDir);
        admin(
                "POST",
                "Users",
                Map.of(
                        "userName", "Grace@example.com",
                        "displayName", "Grace 100% Hopper",
                        "externalId", "X-1",
                        "name", Map.of("givenName", "Grace"),
                        "emails", List.of(Map.of("value", "grace@navy.example", "type", "home"))));
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void filtersFindWhatTheySay() {
        for (String filter : List.of(
                "userName eq \"GRACE@EXAMPLE.COM\"",
                "USERNAME Eq 'grace@example.com'",
                "urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"grace\"",
                "displayName co \"100% h\"",
                "displayName ew \"HOPPER\"",
                "externalId eq \"X-1\"",
                "externalId pr and not (externalId eq \"x-1\")",
                "name.givenName eq \"grace\"",
                "emails co \"NAVY\"",
                "emails[type eq \"home\" and value sw \"grace\"]",
                "emails.type eq \"home\" and (active eq false or active eq true)",
                "userName gt \"gra\" and userName lt \"grb\"",
                "groups.display eq \"users\" and externalId ne null",
                "not (externalId eq null)")) {
            assertThat(names(filter)).as(filter).containsExactly("Grace@example.com");
        }
        for (String filter : List.of(
                "externalId eq \"x-1\"",
                "displayName co \"100_\"",
                "userName eq \"grace\"",
                "emails[type eq \"work\" and value sw \"grace\"]",
                "id eq \"\"",
                "userName eq \"x' or 1=1 --\"")) {
            assertThat(names(filter)).as(filter).isEmpty();
        }
    }

    @Test
    void filtersThatCannotBeAre400WithTheReason() {
        for (String filter : List.of(
                "",
                "userName",
                "userName eq",
                "userName eq \"a",
                "password_hash eq \"a\"",
                "userName[value eq \"a\"]",
                "active gt true",
                "active co \"t\"",
                "userName regex \"a\"",
                "urn:other:User:userName eq \"a\"",
                "(".repeat(2_000) + "userName pr" + ")".repeat(2_000),
                "not (".repeat(800) + "userName pr" + ")".repeat(800),
                "userName pr and ".repeat(450) + "active pr")) {
            HttpResponse<String> answer =
                    platform.send("GET", SCIM + "Users?filter=" + encoded(filter), null, platform.user);

            assertThat(answer.statusCode()).as(filter).isEqualTo(400);
            assertThat(json(answer).path("scimType").asText()).isEqualTo("invalidFilter");
            assertThat(json(answer).path("status").asText()).isEqualTo("400");
            assertThat(json(answer).path("detail").asText()).isNotEmpty();
            assertThat(json(answer).path("schemas").path(0).asText())
                    .isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
        }
    }

    @Test
    void badBodiesAre400OfTheDialect() {
        for (String body : List.of(
                "{",
                "[]",
                "\"x\"",
                "{}",
                "{\"userName\":7}",
                "{\"userName\":\"a b\"}",
                "{\"userName\":\"a\\u0000b\"}",
                "{\"userName\":\"..\"}",
                "{\"userName\":\"u\u202e\"}",
                "{\"userName\":\"u\u200b\"}",
                "{\"userName\":\"u\u00a0\"}",
                "{\"userName\":\"e\u0301\"}",
                "{\"userName\":\"u\",\"active\":\"perhaps\"}",
                "{\"userName\":\"u\",\"entitlements\":[{\"value\":\"root\"}]}",
                "{\"userName\":\"u\",\"entitlements\":[{}]}",
                "{\"userName\":\"u\",\"emails\":[{}]}",
                "{\"userName\":\"u\",\"groups\":[{\"value\":\"999\"}]}",
                "{\"userName\":\"u\",\"password\":\"secret\"}",
                "{\"userName\":\"u\",\"displayName\":\"" + "x".repeat(300) + "\"}",
                "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000))) {
            HttpResponse<String> answer = platform.send("POST", SCIM + "Users", body, platform.admin);

            assertThat(answer.statusCode())
                    .as(body.substring(0, Math.min(80, body.length())))
                    .isEqualTo(400);
            assertThat(json(answer).path("schemas").path(0).asText()).endsWith(":Error");
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/scim+json");
        }
        assertThat(names("userName eq \"u\"")).isEmpty();
    }

    @Test
    void operationsThatCannotBeAre400AndChangeNothing() {
        String id = Long.toString(platform.user.userId());
        JsonNode before = admin("GET", "Users/" + id, null);
        for (String operations : List.of(
                "null",
                "[]",
                "[{}]",
                "[{\"op\":\"move\",\"path\":\"active\"}]",
                "[{\"op\":\"remove\"}]",
                "[{\"op\":\"add\",\"path\":\"active\"}]",
                "[{\"op\":\"add\",\"value\":7}]",
                "[{\"op\":\"replace\",\"path\":\"active\",\"value\":\"maybe\"}]",
                "[{\"op\":\"replace\",\"path\":\"userName\",\"value\":\"other\"}]",
                "[{\"op\":\"add\",\"path\":\"groups\",\"value\":[{\"value\":\"1\"}]}]",
                "[{\"op\":\"replace\",\"path\":\"emails[\",\"value\":1}]",
                "[{\"op\":\"replace\",\"path\":\"" + "a[".repeat(500) + "\",\"value\":1}]",
                "[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"new\"},{\"op\":\"x\"}]")) {
            HttpResponse<String> answer =
                    platform.send("PATCH", SCIM + "Users/" + id, "{\"Operations\":" + operations + "}", platform.admin);

            assertThat(answer.statusCode()).as(operations).isEqualTo(400);
        }
        assertThat(admin("GET", "Users/" + id, null)).isEqualTo(before);
    }

    @Test
    void attributesNobodyKnowsAre400AndNamed() {
        String user = "Users/" + platform.user.userId();
        String group = "Groups/"
                + admin("POST", "Groups", Map.of("displayName", "unknown"))
                        .path("id")
                        .asText();
        String principal = "ServicePrincipals/"
                + admin("POST", "ServicePrincipals", Map.of("displayName", "unknown"))
                        .path("id")
                        .asText();
        unknown(user, "{\"op\":\"replace\",\"path\":\"shoeSize\",\"value\":44}", "A user has no attribute shoeSize");
        unknown(user, "{\"op\":\"remove\",\"path\":\"shoeSize\"}", "shoeSize");
        unknown(user, "{\"op\":\"add\",\"value\":{\"displayName\":\"new\",\"shoeSize\":44}}", "shoeSize");
        unknown(user, "{\"op\":\"add\",\"path\":\"title\",\"value\":\"Dr\"}", "title");
        unknown(user, "{\"op\":\"add\",\"path\":\"name.nick\",\"value\":\"B\"}", "name.nick");
        unknown(user, "{\"op\":\"add\",\"path\":\"displayName.x\",\"value\":\"B\"}", "displayName.x");
        unknown(user, "{\"op\":\"add\",\"path\":\"displayName[value eq \\\"B\\\"]\",\"value\":\"B\"}", "displayName");
        unknown(user, "{\"op\":\"remove\",\"path\":\"emails[colour eq \\\"red\\\"]\"}", "emails.colour");
        unknown(
                user,
                "{\"op\":\"remove\",\"path\":\"emails[type eq \\\"work\\\" or not (colour pr)]\"}",
                "emails.colour");
        unknown(
                user,
                "{\"op\":\"add\",\"path\":\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department\","
                        + "\"value\":\"x\"}",
                "enterprise:2.0:User:department");
        unknown(user, "{\"op\":\"add\",\"path\":\"applicationId\",\"value\":\"x\"}", "applicationId");
        unknown(
                principal,
                "{\"op\":\"add\",\"path\":\"userName\",\"value\":\"x\"}",
                "A service principal has no attribute");
        unknown(principal, "{\"op\":\"add\",\"path\":\"password\",\"value\":\"x\"}", "password");
        unknown(group, "{\"op\":\"add\",\"path\":\"active\",\"value\":true}", "A group has no attribute active");
        unknown(group, "{\"op\":\"remove\",\"path\":\"members[name eq \\\"x\\\"]\"}", "members.name");
    }

    /** With the change before it, which is undone. */
    private static void unknown(String path, String operation, String named) {
        JsonNode before = admin("GET", path, null);
        HttpResponse<String> answer = platform.send(
                "PATCH",
                SCIM + path,
                "{\"Operations\":[{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"undone\"}," + operation
                        + "]}",
                platform.admin);

        assertThat(answer.statusCode()).as(operation).isEqualTo(400);
        assertThat(json(answer).path("scimType").asText()).as(operation).isEqualTo("invalidPath");
        assertThat(json(answer).path("detail").asText()).contains(named);
        assertThat(admin("GET", path, null)).isEqualTo(before);
    }

    @Test
    void whatIsKnownIsTakenInAnyCaseAlsoWhereItChangesNothing() {
        String id = admin("POST", "Users", Map.of("userName", "known@example.com"))
                .path("id")
                .asText();
        JsonNode before = admin("GET", "Users/" + id, null);

        patch("Users/" + id, "[{\"op\":\"replace\",\"path\":\"ACTIVE\",\"value\":true}]");
        patch("Users/" + id, "[{\"op\":\"replace\",\"path\":\"displayname\",\"value\":\"known\"}]");
        patch(
                "Users/" + id,
                "[{\"op\":\"replace\",\"path\":\"" + AccountWire.USER
                        + ":userName\",\"value\":\"KNOWN@example.com\"}]");
        patch("Users/" + id, "[{\"op\":\"add\",\"path\":\"entitlements\",\"value\":[]}]");
        patch("Users/" + id, "[{\"op\":\"add\",\"path\":\"roles\",\"value\":[]}]");
        patch("Users/" + id, "[{\"op\":\"replace\",\"value\":{\"id\":\"" + id + "\",\"schemas\":[]}}]");
        patch("Users/" + id, "[{\"op\":\"remove\",\"path\":\"externalId\"}]");

        assertThat(admin("GET", "Users/" + id, null)).isEqualTo(before);
        // In a body they are ignored (RFC 7644, 3.3).
        admin("PUT", "Users/" + id, Map.of("userName", "known@example.com", "shoeSize", 44, "displayName", "known"));
        assertThat(admin("GET", "Users/" + id, null)).isEqualTo(before);
        // Names are the same in any case.
        assertThat(platform.send("POST", SCIM + "Users", Map.of("userName", "Known@Example.COM"), platform.admin)
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void patchesWorkInEveryFormClientsSend() {
        String id = admin("POST", "Users", Map.of("userName", "patched@example.com"))
                .path("id")
                .asText();

        patch("Users/" + id, "[{\"op\":\"Replace\",\"value\":{\"active\":\"False\",\"displayName\":\"P\"}}]");
        patch("Users/" + id, "[{\"op\":\"add\",\"path\":\"name.familyName\",\"value\":\"Q\"}]");
        patch(
                "Users/" + id,
                "[{\"op\":\"add\",\"path\":\"entitlements\",\"value\":[{\"value\":\"workspace-access\"},"
                        + "{\"value\":\"allow-cluster-create\"}]}]");
        patch("Users/" + id, "[{\"op\":\"add\",\"path\":\"entitlements\",\"value\":{\"value\":\"workspace-access\"}}]");
        patch(
                "Users/" + id,
                "[{\"op\":\"remove\",\"path\":\"entitlements\",\"value\":[{\"value\":\"workspace-access\"}]}]");
        JsonNode user = admin("GET", "Users/" + id, null);

        assertThat(user.path("active").asBoolean(true)).isFalse();
        assertThat(user.path("displayName").asText()).isEqualTo("P");
        assertThat(user.path("name").path("familyName").asText()).isEqualTo("Q");
        assertThat(user.path("entitlements").findValuesAsText("value")).containsExactly("allow-cluster-create");
        assertThat(user.path("emails").path(0).path("value").asText()).isEqualTo("patched@example.com");
        patch("Users/" + id, "[{\"op\":\"remove\",\"path\":\"entitlements[value eq \\\"allow-cluster-create\\\"]\"}]");
        assertThat(admin("GET", "Users/" + id, null).path("entitlements")).isEmpty();
    }

    @Test
    void nullIsNotAssignedAndWhatIsNotAssignedNeedNotBeRemoved() {
        String id = admin("POST", "Users", Map.of("userName", "nameless@example.com"))
                .path("id")
                .asText();
        JsonNode nameless = admin("GET", "Users/" + id, null);
        for (String operation : List.of(
                "{\"op\":\"replace\",\"path\":\"name.givenName\",\"value\":null}",
                "{\"op\":\"replace\",\"path\":\"name\",\"value\":null}",
                "{\"op\":\"remove\",\"path\":\"name.familyName\"}",
                "{\"op\":\"remove\",\"path\":\"name\"}",
                "{\"op\":\"add\",\"path\":\"externalId\",\"value\":null}",
                "{\"op\":\"replace\",\"value\":{\"name.givenName\":null,\"externalId\":null,\"entitlements\":null}}")) {
            patch("Users/" + id, "[" + operation + "]");
        }
        assertThat(admin("GET", "Users/" + id, null)).isEqualTo(nameless);

        patch(
                "Users/" + id,
                "[{\"op\":\"replace\",\"path\":\"name.givenName\",\"value\":\"G\"},"
                        + "{\"op\":\"add\",\"path\":\"name.familyName\",\"value\":\"F\"}]");
        patch("Users/" + id, "[{\"op\":\"replace\",\"path\":\"name.givenName\",\"value\":null}]");
        JsonNode name = admin("GET", "Users/" + id, null).path("name");
        assertThat(name.has("givenName")).isFalse();
        assertThat(name.path("familyName").asText()).isEqualTo("F");
        patch("Users/" + id, "[{\"op\":\"replace\",\"path\":\"name\",\"value\":null}]");
        assertThat(admin("GET", "Users/" + id, null)).isEqualTo(nameless);
    }

    @Test
    void whatIsAlwaysThereIsNotRemoved() {
        String group = "Groups/"
                + admin("POST", "Groups", Map.of("displayName", "lasting"))
                        .path("id")
                        .asText();
        lasting("Users/" + platform.user.userId(), "userName");
        lasting("Users/" + platform.user.userId(), "id");
        lasting(group, "displayName");
    }

    private static void lasting(String path, String attribute) {
        for (String operation : List.of(
                "{\"op\":\"remove\",\"path\":\"" + attribute + "\"}",
                "{\"op\":\"replace\",\"path\":\"" + attribute + "\",\"value\":null}",
                "{\"op\":\"replace\",\"value\":{\"" + attribute + "\":null}}")) {
            HttpResponse<String> answer =
                    platform.send("PATCH", SCIM + path, "{\"Operations\":[" + operation + "]}", platform.admin);

            assertThat(answer.statusCode()).as(operation).isEqualTo(400);
            assertThat(json(answer).path("scimType").asText()).as(operation).isEqualTo("mutability");
        }
    }

    @Test
    void whatTerraformSetsIsWhatItReads() {
        JsonNode user = admin(
                "POST",
                "Users",
                Map.of(
                        "schemas",
                        List.of(AccountWire.USER),
                        "userName",
                        "tf@example.com",
                        "displayName",
                        "TF",
                        "active",
                        true,
                        "entitlements",
                        List.of(Map.of("value", "allow-cluster-create"))));
        JsonNode group = admin("POST", "Groups", Map.of("displayName", "tf", "externalId", "e"));
        JsonNode principal = admin("POST", "ServicePrincipals", Map.of("displayName", "robot", "active", true));
        String member = user.path("id").asText();
        String groupPath = "Groups/" + group.path("id").asText();

        patch(groupPath, "[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"" + member + "\"}]}]");
        assertThat(admin("GET", groupPath + "?attributes=members", null)
                        .path("members")
                        .findValuesAsText("value"))
                .containsExactly(member);
        JsonNode read = admin(
                "GET", "Users/" + member + "?attributes=userName,displayName,active,externalId,entitlements", null);
        assertThat(read.path("groups").isMissingNode()).isTrue();
        JsonNode forUpdate = admin("GET", "Users/" + member + "?attributes=groups,roles", null);
        admin(
                "PUT",
                "Users/" + member,
                Map.of(
                        "userName",
                        "tf@example.com",
                        "displayName",
                        "TF 2",
                        "active",
                        true,
                        "groups",
                        forUpdate.path("groups"),
                        "entitlements",
                        List.of(Map.of("value", "databricks-sql-access"))));
        assertThat(admin("GET", "Users/" + member, null).path("entitlements").findValuesAsText("value"))
                .containsExactly("databricks-sql-access");
        assertThat(admin("GET", groupPath, null).path("members")).hasSize(1);

        for (String path : List.of(
                "Users/" + member,
                groupPath,
                "ServicePrincipals/" + principal.path("id").asText())) {
            patch(
                    path,
                    "[{\"op\":\"replace\",\"path\":\"entitlements\",\"value\":[{\"value\":\"workspace-access\"}]}]");
            assertThat(admin("GET", path + "?attributes=entitlements", null)
                            .path("entitlements")
                            .findValuesAsText("value"))
                    .containsExactly("workspace-access");
            patch(path, "[{\"op\":\"remove\",\"path\":\"entitlements\"}]");
            assertThat(admin("GET", path + "?attributes=entitlements", null).path("entitlements"))
                    .isEmpty();
        }
        JsonNode whole =
                admin("GET", groupPath + "?attributes=displayName,entitlements,groups,members,externalId", null);
        admin("PUT", groupPath, whole);
        assertThat(admin("GET", groupPath, null).path("members").findValuesAsText("value"))
                .containsExactly(member);
        patch(groupPath, "[{\"op\":\"remove\",\"path\":\"members[value eq \\\"" + member + "\\\"]\"}]");
        assertThat(admin("GET", groupPath + "?attributes=members", null).path("members"))
                .isEmpty();
        assertThat(platform.send("DELETE", SCIM + groupPath, null, platform.admin)
                        .statusCode())
                .isEqualTo(204);
        assertThat(platform.send("GET", SCIM + groupPath, null, platform.admin).statusCode())
                .isEqualTo(404);
    }

    @Test
    void pagesAreCountedFromOneAndHoldNoMoreThanAsked() {
        JsonNode page = admin("GET", "Users?startIndex=2&count=1&sortBy=id", null);
        JsonNode none = admin("GET", "Users?count=0", null);

        assertThat(page.path("startIndex").asInt()).isEqualTo(2);
        assertThat(page.path("itemsPerPage").asInt()).isEqualTo(1);
        assertThat(page.path("Resources")).hasSize(1);
        assertThat(none.path("Resources")).isEmpty();
        assertThat(none.path("totalResults").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(platform.send("GET", SCIM + "Users?count=x", null, platform.user)
                        .statusCode())
                .isEqualTo(400);
        assertThat(platform.send("GET", SCIM + "Users?sortBy=emails.value", null, platform.user)
                        .statusCode())
                .isEqualTo(400);
        assertThat(admin("GET", "Users?startIndex=9000000000000000000", null).path("Resources"))
                .isEmpty();
    }

    @Test
    void changesAndRefusalsAreInTheAuditLog() {
        String id = admin("POST", "Groups", Map.of("displayName", "audited"))
                .path("id")
                .asText();
        platform.send("DELETE", SCIM + "Groups/" + id, null, platform.user);
        platform.send("DELETE", SCIM + "Groups/" + id, null, platform.admin);

        List<String> events = platform.database(db -> db.resultQuery(
                        "select action || ' ' || outcome from audit_event where resource = ? or resource like ?"
                                + " order by event_id",
                        "group/" + id,
                        "%Groups/" + id)
                .fetchInto(String.class));

        assertThat(events)
                .containsExactly(
                        "identity.group.create DONE", "identity.group.delete DENIED", "identity.group.delete DONE");
    }

    @Test
    void whoIsDeactivatedOrDeletedIsOut() {
        Caller person = platform.person(platform.admin, "leaver@example.com");
        JsonNode made = platform.internal(
                "/internal/users", Map.of("workspace_id", person.workspaceId(), "user", "leaver2@example.com"));
        Map<String, String> token =
                Map.of("kind", "pat", "secret", made.path("token").asText());
        String path = "Users/" + made.path("user_id").asText();
        assertThat(platform.internal("/internal/authenticate", token)
                        .path("user_name")
                        .asText())
                .isEqualTo("leaver2@example.com");

        patch(path, "[{\"op\":\"replace\",\"path\":\"active\",\"value\":false}]");
        assertThat(refused(token)).isTrue();
        patch(path, "[{\"op\":\"replace\",\"path\":\"active\",\"value\":true}]");
        assertThat(refused(token)).isFalse();
        platform.send("DELETE", SCIM + path, null, platform.admin);
        assertThat(refused(token)).isTrue();
    }

    private static boolean refused(Map<String, String> credential) {
        try {
            platform.internal("/internal/authenticate", credential);
            return false;
        } catch (io.campanile.common.http.ApiException e) {
            return e.code() == io.campanile.common.http.ErrorCode.UNAUTHENTICATED;
        }
    }

    private static List<String> names(String filter) {
        HttpResponse<String> answer =
                platform.send("GET", SCIM + "Users?sortBy=userName&filter=" + encoded(filter), null, platform.user);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).path("Resources").findValuesAsText("userName");
    }

    private static void patch(String path, String operations) {
        admin(
                "PATCH",
                path,
                "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":" + operations + "}");
    }

    private static JsonNode admin(String method, String path, @Nullable Object body) {
        HttpResponse<String> answer = platform.send(method, SCIM + path, body, platform.admin);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
        return json(answer);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
