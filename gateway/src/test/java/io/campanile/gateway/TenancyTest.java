package io.campanile.gateway;

import static io.campanile.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.service.iam.MeRequest;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workspaces at one gateway: what opens one does not open the other, whichever way it is addressed. */
final class TenancyTest {
    private static final String ACCOUNT = "/api/2.0/accounts/00000000-0000-4000-8000-000000000001/workspaces";
    private static final String UNKNOWN = "Bearer dapi" + "0".repeat(64);

    @TempDir
    static Path dataDir;

    private static GatewayFixture platform;
    private static HttpClient http;
    private static String acmeToken;
    private static long acme;

    @BeforeAll
    static void start() throws Exception {
        platform = new GatewayFixture(dataDir);
        http = platform.test.environment().vertx().createHttpClient();
        JsonNode made = json(platform.post(
                ACCOUNT,
                Map.of("workspace_name", "Acme", "deployment_name", "acme"),
                "Authorization",
                platform.bearer()));
        acmeToken = "Bearer " + made.path("token").asText();
        acme = made.path("workspace_id").asLong();
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    @Test
    void aCredentialOpensItsOwnWorkspaceByEveryAddress() throws Exception {
        String id = Long.toString(acme);

        assertThat(me("acme.localhost", "", acmeToken)).contains("\"workspace_id\":" + id);
        assertThat(me("ACME.localhost:8700", "", acmeToken)).contains("\"workspace_id\":" + id);
        assertThat(me("localhost", "?o=" + id, acmeToken)).contains("\"workspace_id\":" + id);
        assertThat(me("localhost", "", acmeToken, "X-Databricks-Workspace-Id", id))
                .contains("\"workspace_id\":" + id);
        assertThat(me("acme.localhost", "?o=" + id, acmeToken)).contains("\"workspace_id\":" + id);
        assertThat(me("localhost", "", acmeToken)).contains("\"workspace_id\":" + id);
        assertThat(me("0123abcd.usercontent.localhost", "", acmeToken)).contains("\"workspace_id\":" + id);
        assertThat(answer("acme.localhost", "/api/campanile/v1/me", acmeToken).getHeader("X-Databricks-Org-Id"))
                .isEqualTo(id);
    }

    @Test
    void anotherWorkspacesAddressReadsAsForAnUnknownCredential() throws Exception {
        String mine = Long.toString(platform.workspaceId);
        String theirs = Long.toString(acme);
        for (String[] address : new String[][] {
            {"acme.localhost", "", platform.bearer()},
            {"localhost", "?o=" + theirs, platform.bearer()},
            {"localhost", "?o=" + mine, acmeToken},
            {"localhost", "?o=9999999", acmeToken},
            {"localhost", "?o=x", acmeToken},
            {"localhost", "?o=" + mine + "&o=" + theirs, platform.bearer()},
            {"acme.localhost", "?o=" + mine, platform.bearer()},
            {"acme.localhost", "?o=" + mine, acmeToken},
            {"nobody.localhost", "", platform.bearer()},
        }) {
            String path = "/api/campanile/v1/me" + address[1];

            assertThat(told(address[0], path, address[2]))
                    .as(String.join(" ", address))
                    .isEqualTo(told(address[0], path, UNKNOWN))
                    .startsWith("401");
        }
        assertThat(told("localhost", "/api/campanile/v1/me", acmeToken, "X-Databricks-Workspace-Id", mine))
                .isEqualTo(told("localhost", "/api/campanile/v1/me", UNKNOWN, "X-Databricks-Workspace-Id", mine));
        assertThat(told("localhost", "/api/2.0/workspace/list", acmeToken, "X-Databricks-Org-Id", mine))
                .startsWith("401");
    }

    @Test
    void servicesDoNotSeeTheHeaderThatChose() throws Exception {
        HttpClientResponse answer = request(
                HttpMethod.POST,
                "localhost",
                "/api/2.0/workspace/echo",
                Buffer.buffer("{}"),
                "Authorization",
                acmeToken,
                "X-Databricks-Workspace-Id",
                Long.toString(acme));

        assertThat(GatewayFixture.await(answer.body()).toString())
                .contains("\"uri\":\"/api/2.0/workspace/echo\"")
                .doesNotContainIgnoringCase("x-databricks-workspace-id");
    }

    @Test
    void noTokenIsGivenAtTheAddressOfAnotherWorkspace() throws Exception {
        String application = UUID.randomUUID().toString();
        long id = ServicePrincipals.create(platform.test.environment().database(), platform.workspaceId, application);
        String secret = json(platform.post(
                        "/api/2.0/accounts/servicePrincipals/" + id + "/credentials/secrets",
                        Map.of(),
                        "Authorization",
                        platform.bearer()))
                .path("secret")
                .asText();
        Buffer form = Buffer.buffer(
                "grant_type=client_credentials&scope=all-apis&client_id=" + application + "&client_secret=" + secret);

        assertThat(token("acme.localhost", "", form)).startsWith("401").contains("invalid_client");
        assertThat(token("localhost", "?o=" + acme, form)).startsWith("401").contains("invalid_client");
        assertThat(token("nobody.localhost", "", form)).startsWith("4").doesNotContain("access_token");
        assertThat(token("localhost", "?o=" + platform.workspaceId, form))
                .startsWith("200")
                .contains("access_token");
        assertThat(token("localhost", "", form)).startsWith("200").contains("access_token");
    }

    private static String token(String host, String query, Buffer form) throws Exception {
        HttpClientResponse answer = request(
                HttpMethod.POST,
                host,
                "/oidc/v1/token" + query,
                form,
                "Content-Type",
                "application/x-www-form-urlencoded");
        return answer.statusCode() + " " + GatewayFixture.await(answer.body());
    }

    @Test
    void signInIsToTheWorkspaceOfTheAddress() throws Exception {
        Buffer body = Buffer.buffer(
                "{\"user\":\"" + GatewayFixture.USER + "\",\"password\":\"" + GatewayFixture.PASSWORD + "\"}");

        HttpClientResponse atAcme = login("acme.localhost", body);
        HttpClientResponse atHome = login("localhost", body);
        HttpClientResponse nowhere = login("nobody.localhost", body);

        assertThat(atAcme.statusCode()).isEqualTo(200);
        assertThat(atAcme.getHeader("X-Databricks-Org-Id")).isEqualTo(Long.toString(acme));
        assertThat(atHome.getHeader("X-Databricks-Org-Id")).isEqualTo(Long.toString(platform.workspaceId));
        assertThat(nowhere.statusCode()).isEqualTo(401);
        String cookie = atAcme.getHeader("Set-Cookie").split(";", 2)[0];
        assertThat(GatewayFixture.await(request(
                                        HttpMethod.GET,
                                        "acme.localhost",
                                        "/api/campanile/v1/me",
                                        Buffer.buffer(),
                                        "Cookie",
                                        cookie)
                                .body())
                        .toString())
                .contains("\"workspace_name\":\"Acme\"", "\"host_name\":\"acme\"");
    }

    @Test
    void discoveryAnswersForTheHost() throws Exception {
        String path = "/.well-known/databricks-config";

        assertThat(told("acme.localhost", path, UNKNOWN)).contains("\"workspace_id\":\"" + acme + "\"");
        assertThat(told("acme.localhost", path, UNKNOWN)).contains("http://acme.localhost/oidc");
        // Clients send back the workspace they find here, whoever's credential they hold: with several there is none.
        assertThat(told("localhost", path, UNKNOWN)).contains("\"account_id\"").doesNotContain("workspace_id");
        assertThat(told("nobody.localhost", path, UNKNOWN)).startsWith("404");
    }

    @Test
    void aHostThatIsNoWorkspacesSaysSoOnItsPage() throws Exception {
        String page = told("nobody.localhost", "/", UNKNOWN);

        assertThat(page).startsWith("404").contains("<h1>There is no workspace at this address</h1>");
        assertThat(told("acme.localhost", "/", UNKNOWN)).startsWith("200");
        assertThat(told("nobody.localhost", "/health/live", UNKNOWN)).startsWith("200");
    }

    @Test
    void theSdkWorksAtThePlainAddressWithAnyWorkspacesToken() {
        WorkspaceClient client = new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + platform.gateway.port())
                .setToken(acmeToken.substring("Bearer ".length()))
                .setAuthType("pat"));

        assertThat(client.currentUser().me(new MeRequest()).getUserName()).isEqualTo(GatewayFixture.USER);
    }

    private static HttpClientResponse login(String host, Buffer body) throws Exception {
        return request(HttpMethod.POST, host, "/api/campanile/v1/login", body, "Content-Type", "application/json");
    }

    private static String me(String host, String query, String token, String... headers) throws Exception {
        return told(host, "/api/campanile/v1/me" + query, token, headers);
    }

    /** Status, headers and body of an answer, but what differs from request to request. */
    private static String told(String host, String path, String token, String... headers) throws Exception {
        HttpClientResponse answer = answer(host, path, token, headers);
        Map<String, String> shown = new TreeMap<>();
        answer.headers().forEach((name, value) -> shown.put(name.toLowerCase(java.util.Locale.ROOT), value));
        shown.remove("x-request-id");
        return answer.statusCode() + " " + shown + " " + GatewayFixture.await(answer.body());
    }

    private static HttpClientResponse answer(String host, String path, String token, String... headers)
            throws Exception {
        String[] all = java.util.stream.Stream.concat(
                        List.of("Authorization", token).stream(), java.util.Arrays.stream(headers))
                .toArray(String[]::new);
        return request(HttpMethod.GET, host, path, Buffer.buffer(), all);
    }

    private static HttpClientResponse request(
            HttpMethod method, String host, String path, Buffer body, String... headers) throws Exception {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost("127.0.0.1")
                .setPort(platform.gateway.port())
                .setURI(path)
                .putHeader("Host", host);
        for (int i = 0; i < headers.length; i += 2) {
            options.putHeader(headers[i], headers[i + 1]);
        }
        // One chain on the event loop: a body that came before somebody asked for it would be lost.
        return GatewayFixture.await(http.request(options)
                .compose(request ->
                        request.send(body).compose(answer -> answer.body().map(answer))));
    }
}
