package io.campanile.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in, and the way out. */
final class LoginTest {
    private static final String ME = "GET /api/2.0/preview/scim/v2/Me";
    private static final String MADE =
            "{\"token_value\":\"dapimade\",\"token_info\":{\"token_id\":\"id1\",\"expiry_time\":1}}";

    @TempDir
    Path home;

    private PlayedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new PlayedServer()
                .on(ME, 200, "{\"userName\":\"ann@example.com\"}")
                .on("POST /api/2.0/token/create", 200, MADE)
                .on("POST /api/2.0/token/delete", 200, "{}")
                .on("POST /api/campanile/v1/logout", 200, "{}");
        server.on("POST /api/campanile/v1/login", (exchange, asked) -> {
            if (!asked.text().contains("\"secret word\"")) {
                PlayedServer.send(exchange, 401, "{\"error_code\":\"UNAUTHENTICATED\",\"message\":\"Wrong\"}");
                return;
            }
            exchange.getResponseHeaders().set("Set-Cookie", "campanile_session=abc; Path=/; HttpOnly");
            PlayedServer.send(exchange, 200, "{}");
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String config() throws IOException {
        return Files.readString(home.resolve(".campanilecfg"));
    }

    @Test
    void aPasswordMakesATokenAndIsKeptNowhere() throws IOException {
        Cli.Ended ended = new Cli(home)
                .onTerminal(80)
                .typing(server.url() + "\nann@example.com\n")
                .hiding("secret word")
                .run("login");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(config())
                .contains("token = dapimade")
                .contains("token_id = id1")
                .doesNotContain("secret word");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".campanilecfg"))))
                .isEqualTo("rw-------");
        PlayedServer.Asked made = server.asked("POST /api/2.0/token/create").get(0);
        assertThat(made.header("Cookie")).isEqualTo("campanile_session=abc");
        assertThat(made.header("Origin")).isEqualTo(server.url());
        assertThat(server.asked("POST /api/campanile/v1/logout")).hasSize(1);
    }

    @Test
    void aWrongPasswordIsRefusedAndLeavesNothing() {
        Cli.Ended ended = new Cli(home)
                .typing("nonsense\n")
                .run("login", "--password-stdin", "--host", server.url(), "--user", "ann");

        assertThat(ended.code()).isEqualTo(3);
        assertThat(home.resolve(".campanilecfg")).doesNotExist();
    }

    @Test
    void withoutATerminalNothingIsAsked() {
        Cli.Ended ended = new Cli(home).run("login");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aGivenTokenIsKeptAndOnlyForgottenInTheEnd() throws IOException {
        Cli cli = new Cli(home).typing("dapigiven\n");

        assertThat(cli.run("login", "--token-stdin", "--host", server.url(), "--profile", "work")
                        .code())
                .isZero();
        assertThat(config()).contains("[work]").contains("token = dapigiven");
        assertThat(server.asked(ME).get(0).header("Authorization")).isEqualTo("Bearer dapigiven");

        Cli.Ended out = cli.run("logout", "--profile", "work", "-o", "json");
        assertThat(out.code()).isZero();
        assertThat(out.out()).contains("\"revoked\" : false");
        assertThat(config()).doesNotContain("dapigiven");
    }

    @Test
    void localSignsInAsTheAdministratorWithATokenOfItsOwn() throws IOException {
        Path data = Files.createDirectory(home.resolve("data"));
        Files.writeString(
                data.resolve("admin.json"),
                "{\"url\":\"" + server.url() + "\",\"user\":\"a\",\"password\":\"p\",\"token\":\"dapiadmin\"}");

        assertThat(new Cli(home)
                        .run("login", "--local", "--data-dir", data.toString())
                        .code())
                .isZero();
        assertThat(config()).contains("token = dapimade").doesNotContain("dapiadmin");

        assertThat(new Cli(home).run("logout").code()).isZero();
        PlayedServer.Asked revoked = server.asked("POST /api/2.0/token/delete").get(0);
        assertThat(revoked.text()).isEqualTo("{\"token_id\":\"id1\"}");
        assertThat(revoked.header("Authorization")).isEqualTo("Bearer dapimade");
        assertThat(config()).doesNotContain("dapimade");
    }

    @Test
    void aProfileThatCannotBeRevokedIsKept() throws IOException {
        Files.writeString(
                home.resolve(".campanilecfg"),
                "[DEFAULT]\nhost = " + server.url() + "\ntoken = dapi1\ntoken_id = id1\n");
        Files.setPosixFilePermissions(home.resolve(".campanilecfg"), PosixFilePermissions.fromString("rw-------"));
        server.on("POST /api/2.0/token/delete", 500, "{\"message\":\"Broken\"}");

        assertThat(new Cli(home).run("logout").code()).isEqualTo(1);
        assertThat(config()).contains("dapi1");
        assertThat(new Cli(home).run("logout", "--forget").code()).isZero();
        assertThat(config()).doesNotContain("dapi1");
    }

    @Test
    void theBrowserSignsInWithPkceAndTokensAreRenewed() throws Exception {
        Map<String, String> challenges = new ConcurrentHashMap<>();
        offerOAuth(challenges);

        Cli.Ended ended = new Cli(home)
                .browsing(page -> comeBack(page, challenges))
                .run("login", "--browser", "--host", server.url());

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(config()).contains("refresh_token = refresh-1").contains("access_token = access-1");
        // The first access token is over at once: the next command asks for another, and keeps the new refresh token.
        server.on("GET /api/2.0/token/list", 200, "{\"token_infos\":[]}");
        assertThat(new Cli(home).run("tokens", "list").code()).isZero();
        assertThat(server.asked("GET /api/2.0/token/list").get(0).header("Authorization"))
                .isEqualTo("Bearer access-2");
        assertThat(config()).contains("refresh_token = refresh-2");

        assertThat(new Cli(home).run("logout").code()).isZero();
        assertThat(server.asked("POST /oidc/v1/revoke").get(0).text()).contains("token=refresh-2");
    }

    @Test
    void aServerWithoutPkceIsNotAskedForABrowser() {
        server.on(
                "GET /oidc/.well-known/oauth-authorization-server", 200, "{\"authorization_endpoint\":\"http://x/a\"}");

        Cli.Ended ended = new Cli(home).run("login", "--browser", "--host", server.url());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("offers no sign-in through the browser");
    }

    private void offerOAuth(Map<String, String> challenges) {
        // An endpoint on another host must not get what is secret: only its path counts.
        server.on(
                "GET /oidc/.well-known/oauth-authorization-server",
                200,
                "{\"authorization_endpoint\":\"http://elsewhere.example/oidc/v1/authorize\","
                        + "\"token_endpoint\":\"http://elsewhere.example/oidc/v1/token\","
                        + "\"revocation_endpoint\":\"http://elsewhere.example/oidc/v1/revoke\","
                        + "\"code_challenge_methods_supported\":[\"S256\"]}");
        server.on("POST /oidc/v1/revoke", 200, "");
        server.on("POST /oidc/v1/token", (exchange, asked) -> {
            Map<String, String> form = fields(asked.text());
            boolean code = "authorization_code".equals(form.get("grant_type"))
                    && sha256(form.getOrDefault("code_verifier", "")).equals(challenges.get(form.get("code")))
                    && "http://localhost:8020".equals(form.get("redirect_uri"));
            boolean refresh = "refresh-1".equals(form.get("refresh_token"));
            if (!"campanile-cli".equals(form.get("client_id")) || (!code && !refresh)) {
                PlayedServer.send(exchange, 400, "{\"error\":\"invalid_grant\"}");
                return;
            }
            PlayedServer.send(
                    exchange,
                    200,
                    code
                            ? "{\"access_token\":\"access-1\",\"refresh_token\":\"refresh-1\",\"expires_in\":1}"
                            : "{\"access_token\":\"access-2\",\"refresh_token\":\"refresh-2\",\"expires_in\":3600}");
        });
    }

    /** What a browser does: a stranger's visit changes nothing, the right state brings the code. */
    private boolean comeBack(URI page, Map<String, String> challenges) {
        assertThat(page.toString()).startsWith(server.url() + "/oidc/v1/authorize?");
        Map<String, String> query = fields(page.getRawQuery());
        assertThat(query).containsEntry("code_challenge_method", "S256").containsEntry("client_id", "campanile-cli");
        challenges.put("code-1", query.getOrDefault("code_challenge", ""));
        assertThat(visit("http://localhost:8020/?code=forged&state=guess")).isEqualTo(404);
        assertThat(visit("http://localhost:8020/?code=code-1&state=" + query.get("state")))
                .isEqualTo(200);
        return true;
    }

    private static int visit(String url) {
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new ConcurrentHashMap<>();
        for (String pair : text.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    private static String sha256(String text) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
