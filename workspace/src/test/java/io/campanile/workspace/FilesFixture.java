package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.catalog.CreateVolumeRequestContent;
import com.databricks.sdk.service.catalog.VolumeInfo;
import com.databricks.sdk.service.catalog.VolumeType;
import com.databricks.sdk.service.files.UploadRequest;
import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.testing.TestEnvironment;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A workspace service with its files, as the SDK and as raw requests reach it. */
final class FilesFixture implements AutoCloseable {
    static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1")
            .with(new Rights(false, false, Set.of(20L, 21L), Set.of()));
    static final Caller ADMIN = new Caller(1, 9, "admin@example.com", true, null, "request-1");
    static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");

    final TestEnvironment test;
    private final WorkspaceConfig config;
    private final HttpClient http = HttpClient.newHttpClient();
    private WorkspaceServer server;

    FilesFixture(Path dataDir, WorkspaceConfig config) throws Exception {
        this.test = new TestEnvironment(dataDir);
        this.config = config;
        this.server = start();
    }

    private WorkspaceServer start() throws Exception {
        return WorkspaceServer.start(
                        test.environment(),
                        config,
                        new Neighbours(new RecordedNotebooks(), new KnownPeople(), Caller::rights))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    void restart() throws Exception {
        server.close();
        server = start();
    }

    int port() {
        return server.port();
    }

    WorkspaceClient api(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                .setHost("http://127.0.0.1:" + server.port())
                .setAuthType("pat")
                .setToken(test.environment().tokens().sign(caller, "workspace")));
    }

    VolumeInfo volume(Caller caller, String name) {
        return api(caller)
                .volumes()
                .create(new CreateVolumeRequestContent()
                        .setCatalogName("main")
                        .setSchemaName("default")
                        .setName(name)
                        .setVolumeType(VolumeType.MANAGED));
    }

    void upload(Caller caller, String path, String text, boolean overwrite) {
        api(caller)
                .files()
                .upload(new UploadRequest()
                        .setFilePath(path)
                        .setOverwrite(overwrite)
                        .setContents(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
    }

    String download(Caller caller, String path) throws IOException {
        try (var in = api(caller).files().download(path).getContents()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A raw request; {@code headers} are names and values in turn. */
    HttpResponse<String> send(Caller caller, String method, String target, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + target))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", test.bearer(caller, "workspace"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static AbstractThrowableAssert<?, ?> refused(ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        DatabricksError.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.getStatusCode() + " " + e.getErrorCode())
                                .isEqualTo(status + " " + code));
    }

    @Override
    public void close() {
        server.close();
        test.close();
    }
}
