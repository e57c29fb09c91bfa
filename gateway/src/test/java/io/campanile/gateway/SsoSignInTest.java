package io.campanile.gateway;

import static io.campanile.gateway.SsoFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who somebody is here whom a provider has vouched for. */
final class SsoSignInTest {
    private static final String USERS = "/api/2.0/preview/scim/v2/Users";

    @TempDir
    static Path dataDir;

    private static SsoFixture sso;

    @BeforeAll
    static void start() throws Exception {
        sso = new SsoFixture(
                dataDir,
                settings -> SsoFixture.config(
                        settings.issuer(), "engineers -> Data engineers, /teams/a -> analysts", "", true));
    }

    @AfterAll
    static void stop() {
        sso.close();
    }

    @Test
    void thePageIsToldThatThereIsAProvider() {
        JsonNode options = GatewayFixture.json(sso.platform.get("/api/campanile/v1/sign-in"));

        assertThat(options.path("provider").asText()).isEqualTo("Keycloak");
        assertThat(options.path("passwords").asBoolean()).isTrue();
    }

    @Test
    void somebodyNewIsMadeAndIsThemselvesAgainUnderAnotherAddress() {
        Map<String, Object> ada = new HashMap<>(sso.verified("Ada@example.com"));
        JsonNode first = sso.me(sso.session(ada));
        ada.put("email", "ada.married@example.com");
        JsonNode second = sso.me(sso.session(ada));

        assertThat(first.path("user_name").asText()).isEqualTo("Ada@example.com");
        assertThat(first.path("display_name").asText()).isEqualTo("A name");
        assertThat(first.path("admin").asBoolean()).isFalse();
        assertThat(first.path("workspace_id").asLong()).isEqualTo(sso.platform.workspaceId);
        assertThat(second).isEqualTo(first);
        JsonNode ways = GatewayFixture.json(sso.asAdmin(
                "GET", "/api/campanile/v1/users/" + first.path("user_id").asText() + "/sign-in", null));
        assertThat(ways.path("password").asBoolean()).isFalse();
        assertThat(ways.path("providers").get(0).path("subject").asText()).isEqualTo(ada.get("sub"));
        assertThat(ways.path("providers").get(0).path("name").asText()).isEqualTo("Keycloak");
    }

    @Test
    void aVerifiedAddressFindsTheLocalAccountAndAnUnverifiedOneNever() {
        String id = local("grace@example.com");
        Map<String, Object> grace = new HashMap<>(sso.verified("grace@example.com"));
        grace.put("email_verified", false);
        sso.provider.person = grace;
        assertThat(problem(sso.browser().signIn())).isEqualTo("email_unverified");
        grace.put("email_verified", "true");
        assertThat(problem(sso.browser().signIn())).as("a text is no truth").isEqualTo("email_unverified");
        grace.put("preferred_username", "grace@example.com");
        assertThat(problem(sso.browser().signIn())).isEqualTo("email_unverified");

        JsonNode me = sso.me(sso.session(sso.verified("GRACE@example.com")));
        assertThat(me.path("user_id").asText()).isEqualTo(id);
        sso.provider.person = sso.verified("grace@example.com");
        assertThat(problem(sso.browser().signIn()))
                .as("another subject with the address")
                .isEqualTo("name_taken");
    }

    @Test
    void aNameThatIsNoAddressIsTakenOnlyWhereItIsFree() {
        local("linus");
        Map<String, Object> person =
                new HashMap<>(Map.of("sub", "sub-linus", "preferred_username", "linus", "email", "l@example.com"));
        sso.provider.person = person;
        assertThat(problem(sso.browser().signIn())).isEqualTo("name_taken");

        person.put("preferred_username", "torvald");
        assertThat(sso.me(sso.session(person)).path("user_name").asText()).isEqualTo("torvald");
        person.remove("preferred_username");
        person.put("sub", "sub-nameless");
        sso.provider.person = person;
        assertThat(problem(sso.browser().signIn())).isEqualTo("email_unverified");
    }

    @Test
    void whoIsDeactivatedHereStaysOutAndTheirSessionsEnd() {
        Map<String, Object> person = sso.verified("gone@example.com");
        String cookie = sso.session(person);
        String id = sso.me(cookie).path("user_id").asText();
        HttpResponse<String> patched = sso.asAdmin(
                "PATCH",
                USERS + "/" + id,
                Map.of(
                        "schemas",
                        List.of("urn:ietf:params:scim:api:messages:2.0:PatchOp"),
                        "Operations",
                        List.of(Map.of("op", "replace", "path", "active", "value", false))));
        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);

        assertThat(problem(sso.browser().signIn())).isEqualTo("deactivated");
    }

    @Test
    void mappedGroupsFollowTheProviderAndOthersStay() {
        Map<String, Object> person = new HashMap<>(sso.verified("member@example.com"));
        person.put("groups", List.of("/engineers", "/teams/a", "/a", "/unmapped", "analysts"));
        String cookie = sso.session(person);
        String id = sso.me(cookie).path("user_id").asText();
        assertThat(groups(cookie)).containsExactlyInAnyOrder("users", "Data engineers", "analysts");
        sso.asAdmin(
                "POST",
                "/api/2.0/preview/scim/v2/Groups",
                Map.of("displayName", "own group", "members", List.of(Map.of("value", id))));

        person.put("groups", List.of("engineers"));
        assertThat(groups(sso.session(person))).containsExactlyInAnyOrder("users", "Data engineers", "own group");
        person.remove("groups");
        assertThat(groups(sso.session(person))).containsExactlyInAnyOrder("users", "own group");
    }

    @Test
    void theRoleMakesAndUnmakesAdministratorsButTheLastOneStays() {
        Map<String, Object> person = new HashMap<>(sso.verified("chief@example.com"));
        person.put("roles", List.of("admin"));
        assertThat(sso.me(sso.session(person)).path("admin").asBoolean()).isTrue();
        person.put("roles", List.of("administrator"));
        assertThat(sso.me(sso.session(person)).path("admin").asBoolean()).isFalse();

        JsonNode first = sso.me(sso.session(sso.verified(GatewayFixture.USER)));
        assertThat(first.path("admin").asBoolean())
                .as("the only administrator, whom the provider gives no role")
                .isTrue();
    }

    @Test
    void aLinkIsForgottenByAnAdministratorAndMadeAgain() {
        Map<String, Object> person = sso.verified("relinked@example.com");
        String id = sso.me(sso.session(person)).path("user_id").asText();
        Map<String, Object> again = sso.verified("relinked@example.com");
        sso.provider.person = again;
        assertThat(problem(sso.browser().signIn())).isEqualTo("name_taken");

        String path = "/api/campanile/v1/users/" + id + "/sign-in/provider";
        assertThat(sso.asAdmin("DELETE", path, null).statusCode()).isEqualTo(200);
        assertThat(sso.asAdmin("DELETE", path, null).statusCode()).isEqualTo(404);
        assertThat(sso.asAdmin("DELETE", "/api/campanile/v1/users/1/sign-in/provider", null)
                        .statusCode())
                .isEqualTo(404);
        assertThat(sso.me(sso.session(again)).path("user_id").asText()).isEqualTo(id);
        String user = sso.session(again);
        assertThat(sso.platform
                        .get("/api/campanile/v1/users/" + id + "/sign-in", "Cookie", user)
                        .statusCode())
                .isEqualTo(403);
        assertThat(GatewayFixture.json(sso.platform.get("/api/campanile/v1/me/sign-in", "Cookie", user))
                        .path("providers"))
                .hasSize(1);
    }

    @Test
    void whatHappenedIsInTheAuditLog() {
        sso.session(sso.verified("audited@example.com"));
        sso.provider.person = Map.of("sub", "sub-audited", "email", "x@example.com");
        problem(sso.browser().signIn());
        String log = sso.database(db -> db.fetch(
                        "select workspace_id, user_name, outcome, details from audit_event"
                                + " where action = 'identity.sso.sign-in' and workspace_id = ?",
                        sso.platform.workspaceId)
                .formatCSV());

        assertThat(log)
                .contains("audited@example.com", "provider", "DONE", "DENIED", "has not verified the address")
                .doesNotContain("eyJ");
    }

    private static String local(String name) {
        return GatewayFixture.json(sso.asAdmin(
                        "POST",
                        USERS,
                        Map.of("schemas", List.of("urn:ietf:params:scim:schemas:core:2.0:User"), "userName", name)))
                .path("id")
                .asText();
    }

    private static List<String> groups(String cookie) {
        return GatewayFixture.json(sso.platform.get("/api/2.0/preview/scim/v2/Me", "Cookie", cookie))
                .path("groups")
                .findValuesAsText("display");
    }
}
