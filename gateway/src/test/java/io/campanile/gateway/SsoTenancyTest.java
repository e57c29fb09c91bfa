package io.campanile.gateway;

import static io.campanile.gateway.SsoFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which workspaces a provider opens, and sign-in where something is switched off or away. */
final class SsoTenancyTest {
    private static final String ACCOUNT = "/api/2.0/accounts/00000000-0000-4000-8000-000000000001/workspaces";

    @TempDir
    Path dataDir;

    @Test
    void groupsOpenWorkspacesAndCloseThem() throws Exception {
        try (SsoFixture sso = new SsoFixture(
                dataDir,
                settings -> SsoFixture.config(
                        settings.issuer(), "engineers -> engineers", "acme-people -> acme, all -> 1000001", true))) {
            JsonNode made = made(sso, "acme");
            long acme = made.path("workspace_id").asLong();
            String acmeToken = made.path("token").asText();
            Map<String, Object> person = new HashMap<>(sso.verified("ada@example.com"));
            person.put("groups", List.of("/acme-people", "/all", "/engineers"));

            String atAcme = signIn(sso, "?o=" + acme, person);
            JsonNode me = sso.me(atAcme);
            assertThat(me.path("workspace_id").asLong()).isEqualTo(acme);
            assertThat(me.path("workspaces").findValuesAsText("host_name")).contains("acme");
            assertThat(me.path("workspaces")).hasSize(2);
            JsonNode elsewhere = sso.me(signIn(sso, "?o=" + sso.platform.workspaceId, person));
            assertThat(elsewhere.path("user_id")).isEqualTo(me.path("user_id"));

            String stranger = sso.me(signIn(
                            sso,
                            "?o=" + sso.platform.workspaceId,
                            Map.of(
                                    "sub",
                                    "s-9",
                                    "email",
                                    "nine@example.com",
                                    "email_verified",
                                    true,
                                    "groups",
                                    List.of("all"))))
                    .path("user_id")
                    .asText();
            for (String method : List.of("GET", "DELETE")) {
                String path =
                        "/api/campanile/v1/users/" + stranger + "/sign-in" + (method.equals("GET") ? "" : "/provider");
                assertThat(sso.platform
                                .send(method, path, null, "Authorization", "Bearer " + acmeToken)
                                .statusCode())
                        .as("%s by the administrator of another workspace", method)
                        .isEqualTo(404);
            }

            person.put("groups", List.of("/all"));
            assertThat(sso.me(signIn(sso, "", person)).path("workspace_id").asLong())
                    .isEqualTo(sso.platform.workspaceId);
            assertThat(refusal(sso, "?o=" + acme, person)).isEqualTo("not_member");
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(10))
                    .until(() -> sso.status(atAcme) == 401);

            person.put("groups", List.of("/acme-people"));
            assertThat(sso.me(signIn(sso, "", person)).path("workspace_id").asLong())
                    .isEqualTo(acme);
            person.put("groups", List.of("/engineers"));
            assertThat(refusal(sso, "", person)).isIn("not_member", "no_workspace");
            assertThat(refusal(sso, "?o=" + acme, sso.verified("stranger@example.com")))
                    .isEqualTo("not_member");
        }
    }

    @Test
    void withoutAMappingThereIsOneHomeAndNobodyIsMadeElsewhere() throws Exception {
        try (SsoFixture sso = new SsoFixture(dataDir, settings -> settings)) {
            long acme = workspace(sso, "acme");
            Map<String, Object> person = sso.verified("ada@example.com");
            assertThat(refusal(sso, "", person)).isEqualTo("no_workspace");
            assertThat(sso.me(signIn(sso, "?o=" + acme, person))
                            .path("workspace_id")
                            .asLong())
                    .isEqualTo(acme);

            assertThat(refusal(sso, "?o=" + sso.platform.workspaceId, person)).isEqualTo("not_member");
            assertThat(sso.me(signIn(sso, "", person)).path("workspace_id").asLong())
                    .isEqualTo(acme);
            assertThat(problem(sso.platform.get("/oidc/sso/start?o=9999&o=1"))).isEqualTo("no_workspace");
        }
    }

    @Test
    void passwordsCanBeLeftToTheAccountsAdministrators() throws Exception {
        try (SsoFixture sso =
                new SsoFixture(dataDir, settings -> SsoFixture.config(settings.issuer(), "", "", false))) {
            sso.platform.internal(
                    "/internal/users",
                    Map.of(
                            "workspace_id",
                            sso.platform.workspaceId,
                            "user",
                            "bob@example.com",
                            "password",
                            "a-password-of-bob"));

            HttpResponse<String> refused = sso.platform.post(
                    "/api/campanile/v1/login", Map.of("user", "bob@example.com", "password", "a-password-of-bob"));
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("switched off", "Keycloak");
            assertThat(sso.status(sso.platform.cookie())).isEqualTo(200);
            assertThat(GatewayFixture.json(sso.platform.get("/api/campanile/v1/sign-in"))
                            .path("passwords")
                            .asBoolean())
                    .isFalse();
        }
    }

    @Test
    void addressListsHoldAndAnotherProviderEndsTheSessionsOfTheFormer() throws Exception {
        try (SsoFixture sso = new SsoFixture(dataDir, settings -> settings)) {
            Map<String, Object> person = sso.verified("ada@example.com");
            String cookie = signIn(sso, "", person);
            sso.database(db -> db.execute(
                    "insert into ip_access_list values ('x', ?, 'none', 'BLOCK',"
                            + " '[\"127.0.0.1\"]', true, now(), 1, now(), 1)",
                    sso.platform.workspaceId));
            sso.database(db -> db.execute(
                    "insert into workspace_conf values (?, 'enableIpAccessLists', 'true')", sso.platform.workspaceId));
            assertThat(refusal(sso, "", person)).isEqualTo("address");
            sso.database(db -> db.execute("delete from workspace_conf"));

            sso.database(db -> db.execute("update sso_session set issuer = 'https://former.example.com'"));
            assertThat(sso.status(cookie)).isEqualTo(200);
            sso.platform.restartIdentity();
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(10))
                    .until(() -> sso.status(cookie) == 401);
        }
    }

    @Test
    void aProviderThatIsAwayOrAnotherOneIsSaidSo() throws Exception {
        try (SsoFixture sso = new SsoFixture(dataDir, settings -> SsoFixture.plain(settings.issuer() + "/"))) {
            assertThat(problem(sso.platform.get("/oidc/sso/start"))).isEqualTo("unavailable");
            sso.provider.close();
            assertThat(problem(sso.platform.get("/oidc/sso/start?next=%2Fbrowse")))
                    .isEqualTo("unavailable");
        }
    }

    @Test
    void withoutAProviderThereIsNothingOfIt() throws Exception {
        try (GatewayFixture platform = new GatewayFixture(dataDir)) {
            assertThat(platform.get("/api/campanile/v1/sign-in").body()).isEqualTo("{\"passwords\":true}");
            for (String path : List.of("/oidc/sso/start", "/oidc/sso/callback?state=a&code=b")) {
                assertThat(platform.get(path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(platform.send(
                                    "POST",
                                    "/oidc/sso/logout",
                                    "logout_token=a",
                                    "Content-Type",
                                    "application/x-www-form-urlencoded")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    private static long workspace(SsoFixture sso, String name) {
        return made(sso, name).path("workspace_id").asLong();
    }

    private static JsonNode made(SsoFixture sso, String name) {
        return GatewayFixture.json(sso.platform.post(
                ACCOUNT,
                Map.of("workspace_name", name, "deployment_name", name),
                "Authorization",
                sso.platform.bearer()));
    }

    private static String signIn(SsoFixture sso, String address, Map<String, Object> person) {
        HttpResponse<String> in = goThrough(sso, address, person);
        assertThat(in.headers().firstValue("Location")).contains("/");
        return SsoFixture.Browser.cookie(in);
    }

    private static String refusal(SsoFixture sso, String address, Map<String, Object> person) {
        return problem(goThrough(sso, address, person));
    }

    private static HttpResponse<String> goThrough(SsoFixture sso, String address, Map<String, Object> person) {
        sso.provider.person = person;
        SsoFixture.Browser browser = sso.browser();
        String state = browser.start(address);
        return browser.back(Map.of("state", state, "code", sso.provider.authorize(browser.request)));
    }
}
