package io.campanile.launcher.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Account;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Two workspaces with their people: A, whose things are asked for, and B of the other tenant. */
final class Tenants {
    static final String PASSWORD = "a-password-of-the-matrix";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Platform platform;
    private final Wire wire;
    private final Map<Identity, String> tokens = new EnumMap<>(Identity.class);
    private final Map<String, String> values = new HashMap<>();
    private final String suffix;
    private String narrow = "";
    private String cookie = "";
    private String far = "";

    /** Who administers the account, and its token in the first workspace. */
    record Operator(long workspaceId, String user, String token) {}

    Tenants(Platform platform, Wire wire, Operator operator) {
        this.platform = platform;
        this.wire = wire;
        this.suffix = Long.toString(ProcessHandle.current().pid(), 36) + COUNT.incrementAndGet();
        tokens.put(Identity.ACCOUNT, operator.token());
        people();
        tokens();
    }

    /** The first workspace of the installation, whose administrator has the account. */
    static Operator operator(Platform platform) {
        JsonNode made = platform.setUp("/internal/bootstrap", Map.of("user", "operator@matrix", "password", PASSWORD));
        platform.setUp("/internal/bootstrap/confirm", Map.of());
        return new Operator(
                made.path("workspace_id").asLong(),
                "operator@matrix",
                made.path("token").asText());
    }

    private void people() {
        String a = workspace("a");
        String b = workspace("b");
        values.put("workspace", a);
        values.put("other.workspace", b);
        values.put("account", Account.ID);
        for (Identity who : List.of(Identity.VIEWER, Identity.RUNNER, Identity.OWNER, Identity.ADMIN)) {
            person(a, who);
        }
        person(b, Identity.OTHER);
        administers(a, Identity.ADMIN);
        administers(b, Identity.OTHER);
        values.put("password", PASSWORD);
        send(Identity.ADMIN, "PATCH", "/api/2.0/preview/scim/v2/Users/" + value("owner.id"), """
                {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [
                  {"op": "add", "path": "entitlements", "value": [{"value": "allow-cluster-create"}]}]}""");
    }

    private String workspace(String letter) {
        String host = "matrix-" + letter + "-" + suffix;
        JsonNode made = wire.send(authorized(
                        Identity.ACCOUNT,
                        Wire.Call.of(
                                "POST",
                                "/api/2.0/accounts/" + Account.ID + "/workspaces",
                                "{\"workspace_name\": \"" + host + "\", \"deployment_name\": \"" + host + "\"}")))
                .succeeded("a workspace")
                .json();
        values.put(letter.equals("a") ? "host" : "other.host", host + ".localhost");
        return made.path("workspace_id").asText();
    }

    private void person(String workspace, Identity who) {
        String name = who.column() + "@" + suffix;
        JsonNode made = platform.setUp(
                "/internal/users", Map.of("workspace_id", Long.valueOf(workspace), "user", name, "password", PASSWORD));
        values.put(who.column() + ".id", made.path("user_id").asText());
        values.put(who.column() + ".name", name);
        tokens.put(who, made.path("token").asText());
    }

    private void administers(String workspace, Identity who) {
        send(
                Identity.ACCOUNT,
                "PUT",
                "/api/2.0/accounts/" + Account.ID + "/workspaces/" + workspace + "/permissionassignments/principals/"
                        + value(who.column() + ".id"),
                "{\"permissions\": [\"ADMIN\"]}");
    }

    /** Tokens of the owner that are not, not any more, and not for everything. */
    private void tokens() {
        String good = token("{\"comment\": \"good\"}");
        tokens.put(Identity.GARBAGE, good.substring(0, good.length() - 6) + "000000");
        String brief = token("{\"comment\": \"brief\", \"lifetime_seconds\": 1}");
        JsonNode revoked = send(Identity.OWNER, "POST", "/api/2.0/token/create", "{\"comment\": \"revoked\"}")
                .json();
        send(
                Identity.OWNER,
                "POST",
                "/api/2.0/token/delete",
                "{\"token_id\": \""
                        + revoked.path("token_info").path("token_id").asText() + "\"}");
        tokens.put(Identity.EXPIRED, brief);
        tokens.put(Identity.REVOKED, revoked.path("token_value").asText());
        narrow = token("{\"comment\": \"narrow\", \"scopes\": [\"sql\"]}");
        cookie = session(Identity.OWNER);
        allowOnlyInside();
        // Not used before, so that nobody remembers of it that it may be used from anywhere.
        far = token("{\"comment\": \"far\"}");
    }

    /** Workspace A is open to one address only. */
    private void allowOnlyInside() {
        String here = """
                {"label": "here", "list_type": "ALLOW", "ip_addresses": ["127.0.0.1"]}""";
        send(Identity.ADMIN, "POST", "/api/2.0/ip-access-lists", here);
        send(Identity.ADMIN, "PATCH", "/api/2.0/workspace-conf", "{\"enableIpAccessLists\": \"true\"}");
    }

    /** A session of the owner that nothing ends. */
    String cookie() {
        return cookie;
    }

    /** Waits until the second that the expired token lives is over; by the clock, not by asking with it. */
    void letTokensExpire() {
        Awaitility.await().until(() -> {
            try (Connection connection = platform.database();
                    PreparedStatement left = connection.prepareStatement("select count(*) from identity.access_token"
                            + " where comment = 'brief' and expires_at > clock_timestamp() and workspace_id = ?")) {
                left.setLong(1, Long.parseLong(value("workspace")));
                try (var found = left.executeQuery()) {
                    found.next();
                    return found.getInt(1) == 0;
                }
            }
        });
    }

    private String token(String wish) {
        return send(Identity.OWNER, "POST", "/api/2.0/token/create", wish)
                .json()
                .path("token_value")
                .asText();
    }

    /** A session of somebody, as a Cookie header. */
    String session(Identity who) {
        String name = value((who.inside() || who == Identity.OTHER ? who : Identity.OWNER).column() + ".name");
        JsonNode made = platform.setUp(
                "/internal/login",
                Map.of(
                        "user",
                        name,
                        "password",
                        PASSWORD,
                        "address",
                        "127.0.0.1",
                        "workspace_id",
                        Long.valueOf(value(who == Identity.OTHER ? "other.workspace" : "workspace"))));
        String secret = made.path("session_secret").asText();
        return "campanile_session=" + secret;
    }

    /** One whose time is over. */
    String expiredSession() {
        String cookie = session(Identity.OWNER);
        try (Connection connection = platform.database();
                PreparedStatement end = connection.prepareStatement("update identity.login_session set expires_at ="
                        + " clock_timestamp() - interval '1 second' where session_id = (select session_id from"
                        + " identity.login_session where workspace_id = ? order by created_at desc limit 1)")) {
            end.setLong(1, workspaceId());
            end.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return cookie;
    }

    /** One that was signed out. */
    String endedSession() {
        String cookie = session(Identity.OWNER);
        wire.send(Wire.Call.of("POST", "/api/campanile/v1/logout", "{}")
                        .with("Cookie", cookie)
                        .with("Origin", origin()))
                .succeeded("signing out");
        return cookie;
    }

    /** The origin of the pages at the gateway's plain address. */
    String origin() {
        return "http://127.0.0.1:" + platform.port("gateway");
    }

    Answer send(Identity who, String method, String uri, String body) {
        return wire.send(authorized(who, Wire.Call.of(method, uri, body))).succeeded(who + " " + method + " " + uri);
    }

    Answer get(Identity who, String uri) {
        return wire.send(authorized(who, Wire.Call.of("GET", uri, null))).succeeded(who + " GET " + uri);
    }

    Wire.Call authorized(Identity who, Wire.Call call) {
        String token = tokens.get(who);
        return token == null ? call : call.with("Authorization", "Bearer " + token);
    }

    Wire.Call narrow(Wire.Call call) {
        return call.with("Authorization", "Bearer " + narrow);
    }

    /** As the owner, from an address that the workspace does not allow. */
    Wire.Call outside(Wire.Call call) {
        return call.with("Authorization", "Bearer " + far).fromOutside();
    }

    long workspaceId() {
        return Long.parseLong(value("workspace"));
    }

    String value(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("There is nothing named " + name);
        }
        return value;
    }

    Map<String, String> values() {
        return values;
    }

    Platform platform() {
        return platform;
    }

    Wire wire() {
        return wire;
    }

    static String unique() {
        return UUID.randomUUID().toString();
    }
}
