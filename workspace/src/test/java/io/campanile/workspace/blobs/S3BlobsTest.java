package io.campanile.workspace.blobs;

import io.campanile.common.auth.Secret;
import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on a server that speaks S3. */
final class S3BlobsTest extends BlobStoreContract {
    private S3Proxy server;
    private S3Blobs blobs;

    @BeforeAll
    void open() throws Exception {
        server = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
                .blobStore(new TransientNio2BlobStore())
                .build();
        server.start();
        S3Settings settings = new S3Settings(
                "files",
                "http://127.0.0.1:" + server.getPort(),
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
        server.stop();
    }

    @Override
    BlobStore store() {
        return blobs;
    }
}
