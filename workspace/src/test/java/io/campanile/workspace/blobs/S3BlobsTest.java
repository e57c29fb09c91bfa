package io.campanile.workspace.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ErrorCode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a server that speaks S3. */
final class S3BlobsTest extends BlobStoreContract {
    private S3Proxy server;
    private LosingRelay relay;
    private S3Blobs blobs;

    @BeforeAll
    void open() throws Exception {
        server = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
                .blobStore(new TransientNio2BlobStore())
                .build();
        server.start();
        relay = new LosingRelay(server.getPort());
        S3Settings settings = new S3Settings(
                "files",
                "http://127.0.0.1:" + relay.port(),
                "us-east-1",
                "campanile/",
                new Secret("access"),
                new Secret("secret"));
        try (var client = settings.client()) {
            client.createBucket(create -> create.bucket("files"));
        }
        blobs = new S3Blobs(settings);
    }

    @AfterAll
    void close() throws Exception {
        blobs.close();
        relay.close();
        server.stop();
    }

    @Test
    void anUploadWhoseAnswerIsLostIsThereAndNotInItsOwnWay() throws Exception {
        relay.loseAnswerTo("PUT /files/campanile/1/lost/new");
        Blob first = put(path("/lost/new"), "1", Expected.NOTHING);
        relay.loseAnswerTo("PUT /files/campanile/1/lost/new");
        Blob second = put(path("/lost/new"), "22", new Expected.Tagged(first.etag()));

        assertThat(relay.lost()).isEqualTo(2);
        assertThat(second.size()).isEqualTo(2);
        refused(() -> put(path("/lost/new"), "3", Expected.NOTHING), ErrorCode.RESOURCE_ALREADY_EXISTS);
    }

    @Test
    void theEndOfALargeUploadMayLoseItsAnswerToo() throws Exception {
        Path content = Files.write(contents.resolve("lost"), new byte[9 * 1024 * 1024]);
        relay.loseAnswerTo("POST /files/campanile/1/lost/large?uploadId");
        int before = relay.lost();

        Blob placed = place(path("/lost/large"), content, Expected.NOTHING);

        assertThat(relay.lost()).isEqualTo(before + 1);
        assertThat(placed.size()).isEqualTo(9L * 1024 * 1024);
    }

    /** The copies are made one by one: what somebody writes to the old place meanwhile is not among them. */
    @Test
    void whatIsWrittenWhileItsFolderIsMovedIsNotLost() throws Exception {
        put(path("/moving/a"), "1", Expected.NOTHING);
        put(path("/moving/b"), "1", Expected.NOTHING);
        // Between the last copy and the look at what is to be deleted.
        relay.before(
                "PUT /files/campanile/1/moving-to/b",
                () -> relay.before("GET /files?", () -> {
                    write("/moving/a", "newer");
                    write("/moving/new", "new");
                }));

        blobs.move(1, path("/moving"), path("/moving-to"), Expected.NOTHING, "m-1");

        assertThat(text("/moving-to/a")).isEqualTo("1");
        assertThat(text("/moving-to/b")).isEqualTo("1");
        assertThat(text("/moving/a")).isEqualTo("newer");
        assertThat(text("/moving/new")).isEqualTo("new");
        assertThat(blobs.find(1, path("/moving/b"))).isEmpty();
    }

    @Test
    void aFileThatIsWrittenAnewWhileItIsMovedIsNotLost() throws Exception {
        put(path("/renamed/a"), "1", Expected.NOTHING);
        blobs.move(1, path("/renamed/a"), path("/renamed/b"), Expected.ANYTHING, "m-2");
        assertThat(blobs.find(1, path("/renamed/a"))).isEmpty();
        assertThat(text("/renamed/b")).isEqualTo("1");

        String looked = "HEAD /files/campanile/1/renamed/b";
        relay.before(
                "PUT /files/campanile/1/renamed/c", () -> relay.before(looked, () -> write("/renamed/b", "newer")));
        blobs.move(1, path("/renamed/b"), path("/renamed/c"), Expected.ANYTHING, "m-3");

        assertThat(text("/renamed/c")).isEqualTo("1");
        assertThat(text("/renamed/b")).isEqualTo("newer");
    }

    private void write(String path, String text) {
        try {
            put(path(path), text, Expected.ANYTHING);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(String path) throws Exception {
        Blob blob = blobs.find(1, path(path)).orElseThrow();
        try (var in = blobs.read(1, blob, 0, blob.size())) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    @Override
    BlobStore store() {
        return blobs;
    }
}
