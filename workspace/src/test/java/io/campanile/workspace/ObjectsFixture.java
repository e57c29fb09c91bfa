package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.workspace.ExportFormat;
import com.databricks.sdk.service.workspace.ExportRequest;
import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.databricks.sdk.service.workspace.ObjectInfo;
import com.databricks.sdk.service.workspace.WorkspaceAPI;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A workspace service as the SDK and as raw requests reach it, and what it keeps. */
final class ObjectsFixture implements AutoCloseable {
    static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    static final Caller ADMIN = new Caller(1, 9, "admin@example.com", true, null, "request-1");
    static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");
    static final String HOME = "/Users/alice@example.com";
    static final String OBJECTS = "/api/campanile/v1/objects";

    final RecordedNotebooks documents = new RecordedNotebooks();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path dataDir;
    private final TestEnvironment test;
    private final WorkspaceServer server;

    ObjectsFixture(Path dataDir) throws Exception {
        this.dataDir = dataDir;
        this.test = new TestEnvironment(dataDir);
        this.server = WorkspaceServer.start(
                        test.environment(), new Neighbours(documents, new KnownPrincipals(), Caller::rights))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    WorkspaceAPI api(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                        .setHost("http://127.0.0.1:" + server.port())
                        .setToken(test.environment().tokens().sign(caller, "workspace"))
                        .setAuthType("pat"))
                .workspace();
    }

    void importContent(Caller caller, String path, byte[] content, ImportFormat format) {
        api(caller).importContent(imported(path, content, format));
    }

    static Import imported(String path, byte[] content, ImportFormat format) {
        return new Import()
                .setPath(path)
                .setContent(Base64.getEncoder().encodeToString(content))
                .setFormat(format);
    }

    byte[] exported(Caller caller, String path, ExportFormat format) {
        var request = new ExportRequest().setPath(path).setFormat(format);
        return Base64.getDecoder().decode(api(caller).export(request).getContent());
    }

    long id(Caller caller, String path) {
        return api(caller).getStatus(path).getObjectId();
    }

    List<String> paths(Caller caller, String path) {
        List<String> paths = new ArrayList<>();
        for (ObjectInfo object : api(caller).list(path)) {
            paths.add(object.getPath());
        }
        return paths;
    }

    HttpRequest.Builder request(Caller caller, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", test.bearer(caller, "workspace"));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> put(Caller caller, String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = request(caller, path).PUT(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    HttpResponse<byte[]> get(Caller caller, String path, String... headers) throws Exception {
        HttpRequest.Builder request = request(caller, path).GET();
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return send(request);
    }

    JsonNode post(Caller caller, String path, String body) throws Exception {
        HttpResponse<byte[]> answer = send(request(caller, path).POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return json(answer);
    }

    static JsonNode json(HttpResponse<byte[]> answer) {
        return Json.read(text(answer), JsonNode.class);
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** What a query counts in the service's own schema. */
    long count(String sql) throws SQLException {
        var settings = test.environment().database();
        try (Connection connection = DriverManager.getConnection(
                        settings.jdbcUrl(), settings.user(), settings.password().value());
                var statement = connection.createStatement()) {
            statement.execute("set search_path to workspace, public");
            ResultSet found = statement.executeQuery(sql);
            found.next();
            return found.getLong(1);
        }
    }

    /** Contents in the store, and what is on its way there. */
    long storedFiles() throws IOException {
        try (Stream<Path> files = Files.walk(dataDir.resolve("objects"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call).isInstanceOfSatisfying(DatabricksError.class, error -> {
            assertThat(error.getErrorCode()).isEqualTo(code);
            assertThat(error.getStatusCode()).isEqualTo(status);
        });
    }

    @Override
    public void close() {
        server.close();
        test.close();
    }
}
