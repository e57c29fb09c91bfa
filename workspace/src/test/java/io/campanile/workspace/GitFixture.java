package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.workspace.CreateCredentialsRequest;
import com.databricks.sdk.service.workspace.CreateRepoRequest;
import com.databricks.sdk.service.workspace.CreateRepoResponse;
import com.databricks.sdk.service.workspace.ExportFormat;
import com.databricks.sdk.service.workspace.ExportRequest;
import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.databricks.sdk.service.workspace.ObjectInfo;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.json.Json;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.common.testing.git.LocalGitServer;
import io.campanile.workspace.git.GitConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A workspace service and a git server beside it. */
final class GitFixture implements AutoCloseable {
    static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    static final Caller ADMIN = new Caller(1, 9, "admin@example.com", true, null, "request-1");
    static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");
    static final String REPOS = "/Repos/alice@example.com";

    final RecordedNotebooks documents = new RecordedNotebooks();
    final LocalGitServer git;
    final TestEnvironment test;
    final Path dataDir;
    private final WorkspaceServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    GitFixture(Path dataDir, GitConfig config) throws Exception {
        this.dataDir = dataDir;
        this.git = new LocalGitServer(dataDir.resolve("remote"));
        this.test = new TestEnvironment(dataDir);
        WorkspaceConfig usual = WorkspaceConfig.defaults();
        this.server = WorkspaceServer.start(
                        test.environment(),
                        new WorkspaceConfig(
                                usual.storage(),
                                usual.s3(),
                                usual.fileLimit(),
                                usual.transfers(),
                                usual.uploadLife(),
                                config),
                        new Neighbours(
                                documents,
                                new KnownPrincipals()
                                        .with(1, 7, PrincipalKind.USER, "alice@example.com")
                                        .with(1, 8, PrincipalKind.USER, "bob@example.com"),
                                Caller::rights))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    /** With the usual settings; Alice may use the git server. */
    static GitFixture start(Path dataDir) throws Exception {
        GitFixture started = new GitFixture(dataDir, config());
        started.credential(ALICE);
        return started;
    }

    static GitConfig config() {
        GitConfig usual = GitConfig.defaults();
        return new GitConfig(
                Set.of("127.0.0.1"), usual.repositoryLimit(), usual.fileLimit(), usual.files(), Duration.ofSeconds(30));
    }

    int port() {
        return server.port();
    }

    WorkspaceClient api(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + server.port())
                .setToken(test.environment().tokens().sign(caller, "workspace"))
                .setAuthType("pat"));
    }

    void credential(Caller caller) {
        api(caller)
                .gitCredentials()
                .create(new CreateCredentialsRequest()
                        .setGitProvider("gitHub")
                        .setGitUsername(LocalGitServer.USER)
                        .setPersonalAccessToken(LocalGitServer.TOKEN));
    }

    CreateRepoResponse cloned(Caller caller, String name) {
        return api(caller)
                .repos()
                .create(new CreateRepoRequest().setUrl(git.url(name)).setProvider("gitHub"));
    }

    /** The objects below a folder with their types. */
    List<String> listed(Caller caller, String path) {
        List<String> found = new ArrayList<>();
        for (ObjectInfo object : api(caller).workspace().list(path)) {
            found.add(object.getObjectType() + " " + object.getPath());
        }
        return found;
    }

    String exported(Caller caller, String path) {
        String content = api(caller)
                .workspace()
                .export(new ExportRequest().setPath(path).setFormat(ExportFormat.SOURCE))
                .getContent();
        return new String(Base64.getDecoder().decode(content), StandardCharsets.UTF_8);
    }

    void put(Caller caller, String path, String text) {
        api(caller)
                .workspace()
                .importContent(new Import()
                        .setPath(path)
                        .setContent(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                        .setFormat(ImportFormat.AUTO)
                        .setOverwrite(true));
    }

    HttpResponse<String> send(Caller caller, String method, String target, @Nullable Object body) throws Exception {
        HttpRequest.BodyPublisher content = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(Json.write(body));
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target))
                        .method(method, content)
                        .header("Authorization", test.bearer(caller, "workspace"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    JsonNode work(Caller caller, String method, long repo, String what, @Nullable Object body) throws Exception {
        HttpResponse<String> answer = send(caller, method, "/api/campanile/v1/repos/" + repo + what, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.read(answer.body(), JsonNode.class);
    }

    void workRefused(
            Caller caller, String method, long repo, String what, @Nullable Object body, int status, String code)
            throws Exception {
        HttpResponse<String> answer = send(caller, method, "/api/campanile/v1/repos/" + repo + what, body);
        assertThat(answer.statusCode() + " "
                        + Json.read(answer.body(), JsonNode.class)
                                .path("error_code")
                                .asText())
                .as(answer.body())
                .isEqualTo(status + " " + code);
    }

    /** What came of a pull. */
    String pull(Caller caller, long repo) throws Exception {
        return work(caller, "POST", repo, "/pull", Map.of()).path("outcome").asText();
    }

    /** What was changed, as {@code KIND path}. */
    List<String> changes(Caller caller, long repo) throws Exception {
        List<String> found = new ArrayList<>();
        work(caller, "GET", repo, "/status", null)
                .path("changes")
                .forEach(change -> found.add(
                        change.path("kind").asText() + " " + change.path("path").asText()));
        return found;
    }

    /** The repositories in the folder, as {@code path fetched reason}. */
    List<String> submodules(Caller caller, long repo) throws Exception {
        List<String> found = new ArrayList<>();
        work(caller, "GET", repo, "/status", null)
                .path("submodules")
                .forEach(each -> found.add(
                        each.path("path").asText() + " " + each.path("fetched").asBoolean() + " "
                                + each.path("reason").asText("-")));
        return found;
    }

    long count(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    String text(String sql) throws SQLException {
        var settings = test.environment().database();
        try (var connection = DriverManager.getConnection(
                        settings.jdbcUrl(), settings.user(), settings.password().value());
                var statement = connection.createStatement()) {
            statement.execute("set search_path to workspace, public");
            var found = statement.executeQuery(sql);
            found.next();
            return found.getString(1);
        }
    }

    static Map<String, Object> commit(String message, String... paths) {
        return paths.length == 0 ? Map.of("message", message) : Map.of("message", message, "paths", List.of(paths));
    }

    static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DatabricksError.class,
                        error -> assertThat(error.getStatusCode() + " " + error.getErrorCode())
                                .as(error.getMessage())
                                .isEqualTo(status + " " + code));
    }

    @Override
    public void close() {
        server.close();
        test.close();
        git.close();
    }
}
