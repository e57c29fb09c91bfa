package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.InternalTokens;
import io.campanile.common.auth.Secret;
import io.campanile.common.json.Json;
import io.campanile.workspace.blobs.S3Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** A server that speaks S3, and the credentials of a node as cluster-manager and the agent make them. */
final class NodeOnBucket implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TransientNio2BlobStore blobs = new TransientNio2BlobStore();
    private final S3Proxy server;

    NodeOnBucket() throws Exception {
        server = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
                .blobStore(blobs)
                .build();
        server.start();
        try (S3Client client = client()) {
            client.createBucket(create -> create.bucket("files"));
        }
    }

    private S3Client client() {
        return S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("access", "secret")))
                .endpointOverride(endpoint())
                .forcePathStyle(true)
                .build();
    }

    /** Empty files {@code 0, 1, ...} of workspace 1, put there past the service: through it a thousand take their time. */
    void fill(String folder, int count) {
        for (int i = 0; i < count; i++) {
            var put = PutObjectRequest.builder()
                    .bucket("files")
                    .key("1" + folder + "/" + i)
                    .contentLength(0L)
                    .build();
            blobs.putBlob(put, InputStream.nullInputStream());
        }
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    int port() {
        return server.getPort();
    }

    static WorkspaceConfig config(int port) {
        WorkspaceConfig usual = WorkspaceConfig.defaults();
        return new WorkspaceConfig(
                "s3",
                new S3Settings(
                        "files",
                        "http://127.0.0.1:" + port,
                        "us-east-1",
                        "",
                        new Secret("access"),
                        new Secret("secret")),
                usual.fileLimit(),
                usual.transfers(),
                usual.uploadLife(),
                usual.git());
    }

    static String workToken(InternalTokens tokens, Caller owner) {
        return tokens.sign(
                Map.of(
                        "svc",
                        "node",
                        "nid",
                        "n-1",
                        "cid",
                        "c-1",
                        "ws",
                        owner.workspaceId(),
                        "uid",
                        owner.userId(),
                        "usr",
                        owner.userName(),
                        "ep",
                        1),
                List.of("notebook-service", "node-files"),
                Duration.ofHours(1));
    }

    /** What the agent does: gets a token for files, and writes it where the driver and the kernels look. */
    static String access(int port, InternalTokens tokens, Caller owner, Path dataDir, Path access)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/node/v1/files/token"))
                        .header("Authorization", "Bearer " + workToken(tokens, owner))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String token = Json.MAPPER.readTree(answer.body()).path("token").asText();
        Files.createDirectories(dataDir.resolve("files/" + owner.workspaceId()));
        Files.writeString(
                access,
                Json.write(Map.of(
                        "token",
                        token,
                        "endpoints_file",
                        dataDir.resolve("run/endpoints.json").toString())));
        return token;
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
