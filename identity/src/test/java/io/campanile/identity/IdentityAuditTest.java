package io.campanile.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Account;
import io.campanile.common.auth.Caller;
import io.campanile.common.testing.AuditWalk;
import io.campanile.common.testing.AuditWalk.Call;
import io.campanile.common.testing.OtherTenant;
import io.campanile.identity.testing.DirectoryFixture;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every route that changes something writes one row of the audit log, and touches no other workspace. */
final class IdentityAuditTest {
    private static final String PASSWORD = "a long password of a person";
    private static final String SCIM = "/api/2.0/preview/scim/v2/";
    private static final String ACCOUNT = "/api/2.0/accounts/" + Account.ID;

    private final AtomicInteger names = new AtomicInteger();
    private DirectoryFixture platform;
    private Caller admin;
    private OtherTenant other;
    private AuditWalk walk;

    @BeforeEach
    void start(@TempDir Path dataDir) throws Exception {
        platform = new DirectoryFixture(dataDir);
        admin = platform.admin;
        other = new OtherTenant(
                platform.test.environment().database(), "identity", admin.workspaceId(), 77, "installation");
        walk = new AuditWalk(platform.test, "identity", platform.identity.port())
                .stranger(platform.user)
                .beside(other);
    }

    @AfterEach
    void stop() {
        other.close();
        platform.close();
    }

    @Test
    void everyRouteThatChangesSomethingWritesOneRowAndRefusalsDoToo() {
        tokens();
        sessions();
        settings();
        people();
        groups();
        clientSecrets();
        workspaces();
        usage();

        assertThat(walk.problems()).isEmpty();
        assertThat(other.seen())
                .contains(
                        "access_token",
                        "account",
                        "audit_event",
                        "client_secret",
                        "entitlement",
                        "group_member",
                        "ip_access_list",
                        "login_session",
                        "object_acl",
                        "user_group",
                        "workspace_conf");
    }

    @Test
    void noAnswerChangesWithTheRowsOfAnotherWorkspace() {
        token();
        session(signedIn());
        made("ServicePrincipals");
        walk.ok(admin, "POST", "/api/2.0/ip-access-lists", list());
        walk.ok(admin, "PATCH", "/api/2.0/workspace-conf", "{\"maxTokenLifetimeDays\":\"30\"}");
        usageOf("tokens");
        String group = group();
        Caller person = signedIn();
        session(person);
        String secrets = secrets("/api/2.0/accounts");
        walk.ok(admin, "POST", secrets, "{}");

        assertThat(walk.problemsOfReading(
                        admin,
                        other,
                        "/api/2.0/token/list",
                        "/api/2.0/token-management/tokens",
                        SCIM + "Users",
                        SCIM + "Users/" + person.userId(),
                        SCIM + "ServicePrincipals",
                        SCIM + "Groups",
                        SCIM + "Groups/" + group,
                        SCIM + "Me",
                        "/api/campanile/v1/users/" + person.userId() + "/sessions",
                        "/api/2.0/ip-access-lists",
                        "/api/2.0/workspace-conf?keys=maxTokenLifetimeDays",
                        "/api/2.0/permissions/authorization/tokens",
                        secrets,
                        ACCOUNT + "/workspaces/" + admin.workspaceId() + "/permissionassignments",
                        ACCOUNT + "/workspaces/" + admin.workspaceId()))
                .isEmpty();
    }

    private void tokens() {
        String create = "/api/2.0/token/create";
        String change = "{\"token\":{\"comment\":\"changed\"},\"update_mask\":\"comment\"}";
        String manage = "/api/2.0/token-management/tokens/";
        walk.calls("POST " + create, admin, () -> new Call(create, "{\"comment\":\"audited\"}"))
                .calls(
                        "POST /api/2.0/token/delete",
                        admin,
                        () -> new Call("/api/2.0/token/delete", "{\"token_id\":\"" + token() + "\"}"))
                .calls("PATCH /api/2.0/token/:token_id", admin, () -> new Call("/api/2.0/token/" + token(), change))
                .hides("POST /api/2.0/token/delete", "PATCH /api/2.0/token/:token_id")
                .calls("PATCH " + manage + ":token_id", admin, () -> new Call(manage + token(), change))
                .calls("DELETE " + manage + ":token_id", admin, () -> new Call(manage + token(), ""));
        String behalf = "/api/2.0/token-management/on-behalf-of/tokens";
        walk.calls("POST " + behalf, admin, () -> {
            String body = "{\"displayName\":\"" + name() + "\"}";
            JsonNode made = walk.ok(admin, "POST", SCIM + "ServicePrincipals", body);
            return new Call(
                    behalf,
                    "{\"application_id\":\"" + made.path("applicationId").asText() + "\"}");
        });
    }

    private String token() {
        return walk.ok(admin, "POST", "/api/2.0/token/create", "{\"comment\":\"one\"}")
                .path("token_info")
                .path("token_id")
                .asText();
    }

    private void sessions() {
        String own = "/api/campanile/v1/sessions/";
        String users = "/api/campanile/v1/users/";
        Caller owner = signedIn();
        walk.calls("DELETE " + own + ":session_id", owner, () -> new Call(own + session(owner), ""))
                .hides("DELETE " + own + ":session_id")
                .calls("DELETE " + users + ":user_id/sessions/:session_id", admin, () -> {
                    Caller signedIn = signedIn();
                    return new Call(users + signedIn.userId() + "/sessions/" + session(signedIn), "");
                })
                .calls("POST " + users + ":user_id/password-reset", admin, () -> {
                    Caller signedIn = signedIn();
                    session(signedIn);
                    return new Call(users + signedIn.userId() + "/password-reset", "{}");
                })
                .reaches("POST " + users + ":user_id/password-reset", "login_session", "oauth_grant")
                .calls("DELETE " + users + ":user_id/sign-in/provider", admin, () -> {
                    long linked = signedIn().userId();
                    platform.database(db -> db.execute(
                            "insert into sso_link (issuer, subject, user_id, linked_at, last_sign_in_at)"
                                    + " values ('https://provider', ?, ?, now(), now())",
                            Long.toString(linked),
                            linked));
                    return new Call(users + linked + "/sign-in/provider", "");
                });
    }

    /** A new person of the workspace who can sign in. */
    private Caller signedIn() {
        String user = name() + "@example.com";
        JsonNode made = platform.internal(
                "/internal/users", Map.of("workspace_id", admin.workspaceId(), "user", user, "password", PASSWORD));
        return new Caller(admin.workspaceId(), made.path("user_id").asLong(), user, false, null, "request-1");
    }

    private String session(Caller person) {
        platform.internal(
                "/internal/login", Map.of("user", person.userName(), "password", PASSWORD, "address", "127.0.0.1"));
        return walk.ok(person, "GET", "/api/campanile/v1/sessions", "")
                .path("sessions")
                .path(0)
                .path("session_id")
                .asText();
    }

    private void settings() {
        String conf = "/api/2.0/workspace-conf";
        walk.calls("PATCH " + conf, admin, () -> new Call(conf, "{\"maxTokenLifetimeDays\":\"30\"}"));
        String lists = "/api/2.0/ip-access-lists";
        walk.calls("POST " + lists, admin, () -> new Call(lists, list()));
        for (String method : new String[] {"PUT", "PATCH", "DELETE"}) {
            walk.calls(method + " " + lists + "/:list_id", admin, () -> {
                JsonNode made = walk.ok(admin, "POST", lists, list()).path("ip_access_list");
                return new Call(lists + "/" + made.path("list_id").asText(), list());
            });
        }
    }

    private String list() {
        return "{\"label\":\"" + name()
                + "\",\"list_type\":\"BLOCK\",\"ip_addresses\":[\"203.0.113.7\"],\"enabled\":true}";
    }

    private void people() {
        for (String folder : new String[] {"Users", "ServicePrincipals"}) {
            String all = SCIM + folder;
            walk.calls("POST " + all, admin, () -> new Call(all, profile(folder, name())));
            walk.calls(
                    "DELETE " + all + "/:id",
                    admin,
                    () -> new Call(all + "/" + made(folder).path("id").asText(), ""));
            walk.calls("PUT " + all + "/:id", admin, () -> {
                JsonNode made = made(folder);
                return new Call(
                        all + "/" + made.path("id").asText(), made.toString().replace("audited", "changed"));
            });
            walk.calls(
                    "PATCH " + all + "/:id",
                    admin,
                    () -> new Call(
                            all + "/" + made(folder).path("id").asText(),
                            patch("replace", "displayName", "\"changed\"")));
        }
    }

    private JsonNode made(String folder) {
        return walk.ok(admin, "POST", SCIM + folder, profile(folder, name()));
    }

    private static String profile(String folder, String name) {
        String user = folder.equals("Users") ? ",\"userName\":\"" + name + "@example.com\"" : "";
        return "{\"displayName\":\"audited " + name + "\"" + user
                + ",\"entitlements\":[{\"value\":\"allow-cluster-create\"}]}";
    }

    private static String patch(String op, String path, String value) {
        return "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"" + op
                + "\",\"path\":\"" + path + "\",\"value\":" + value + "}]}";
    }

    private void groups() {
        String all = SCIM + "Groups";
        walk.calls("POST " + all, admin, () -> new Call(all, "{\"displayName\":\"" + name() + "\"}"));
        walk.calls("DELETE " + all + "/:id", admin, () -> new Call(all + "/" + group(), ""));
        walk.calls(
                "PUT " + all + "/:id",
                admin,
                () -> new Call(all + "/" + group(), "{\"displayName\":\"" + name() + "\"}"));
        walk.calls("PATCH " + all + "/:id", admin, () -> {
            String person = made("Users").path("id").asText();
            return new Call(all + "/" + group(), patch("add", "members", "[{\"value\":\"" + person + "\"}]"));
        });
    }

    private String group() {
        String person = made("Users").path("id").asText();
        String body = "{\"displayName\":\"" + name() + "\",\"members\":[{\"value\":\"" + person + "\"}]}";
        return walk.ok(admin, "POST", SCIM + "Groups", body).path("id").asText();
    }

    private void clientSecrets() {
        for (String base : new String[] {"/api/2.0/accounts", ACCOUNT}) {
            String route = base.replace(Account.ID, ":account_id") + "/servicePrincipals/:id/credentials/secrets";
            walk.calls("POST " + route, admin, () -> new Call(secrets(base), "{}"));
            walk.calls("DELETE " + route + "/:secret_id", admin, () -> {
                String all = secrets(base);
                return new Call(
                        all + "/" + walk.ok(admin, "POST", all, "{}").path("id").asText(), "");
            });
        }
    }

    private String secrets(String base) {
        return base + "/servicePrincipals/"
                + made("ServicePrincipals").path("id").asText() + "/credentials/secrets";
    }

    private void workspaces() {
        String all = ACCOUNT + "/workspaces";
        String route = "/api/2.0/accounts/:account_id/workspaces";
        walk.calls("POST " + route, admin, () -> new Call(all, workspace()));
        walk.calls(
                "PATCH " + route + "/:workspace_id",
                admin,
                () -> new Call(all + "/" + madeWorkspace(), "{\"workspace_name\":\"changed\"}"));
        walk.calls("DELETE " + route + "/:workspace_id", admin, () -> new Call(all + "/" + madeWorkspace(), ""));
        String principals = "/permissionassignments/principals/";
        walk.calls(
                "PUT " + route + "/:workspace_id" + principals + ":principal_id",
                admin,
                () -> new Call(
                        all + "/" + madeWorkspace() + principals
                                + made("Users").path("id").asText(),
                        "{\"permissions\":[\"USER\"]}"));
        walk.calls("DELETE " + route + "/:workspace_id" + principals + ":principal_id", admin, () -> {
            String one = all + "/" + madeWorkspace() + principals
                    + made("Users").path("id").asText();
            walk.ok(admin, "PUT", one, "{\"permissions\":[\"USER\"]}");
            return new Call(one, "");
        });
    }

    private String workspace() {
        String name = name().replace(' ', '-');
        return "{\"workspace_name\":\"" + name + "\",\"deployment_name\":\"" + name + "\"}";
    }

    private String madeWorkspace() {
        return walk.ok(admin, "POST", ACCOUNT + "/workspaces", workspace())
                .path("workspace_id")
                .asText();
    }

    private void usage() {
        for (String use : new String[] {"tokens", "passwords"}) {
            String path = "/api/2.0/permissions/authorization/" + use;
            for (String method : new String[] {"PUT", "PATCH"}) {
                walk.calls(
                        method + " " + path,
                        admin,
                        () -> new Call(
                                path,
                                "{\"access_control_list\":[{\"group_name\":\"users\",\"permission_level\":\"CAN_USE\"}]}"));
            }
        }
    }

    private void usageOf(String use) {
        walk.ok(
                admin,
                "PUT",
                "/api/2.0/permissions/authorization/" + use,
                "{\"access_control_list\":[{\"group_name\":\"users\",\"permission_level\":\"CAN_USE\"}]}");
    }

    private String name() {
        return "object-" + names.incrementAndGet();
    }
}
