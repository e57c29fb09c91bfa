package io.campanile.workspace.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.auth.Secret;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deletions of which the bucket does a part and answers 200. */
final class StubbornBucketTest {
    private StubbornBucket bucket;
    private S3Blobs blobs;

    @BeforeEach
    void open() throws Exception {
        bucket = new StubbornBucket();
        blobs = new S3Blobs(new S3Settings(
                "files",
                "http://127.0.0.1:" + bucket.port(),
                "us-east-1",
                "",
                new Secret("access"),
                new Secret("secret")));
        bucket.keys.addAll(List.of("1/d/", "1/d/a", "1/d/b", "1/d/c"));
    }

    @AfterEach
    void close() {
        blobs.close();
        bucket.close();
    }

    @Test
    void aFolderThatIsDeletedInPartIsNoSuccess() throws Exception {
        bucket.kept.add("1/d/b");

        assertThatThrownBy(() -> blobs.deleteFolder(1, BlobPath.parse("/d", "path"), true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The bucket did not delete 1 objects: Access Denied");
        assertThat(bucket.keys).containsExactly("1/d/b");

        bucket.kept.clear();
        blobs.deleteFolder(1, BlobPath.parse("/d", "path"), true);
        assertThat(bucket.keys).isEmpty();
    }

    @Test
    void aFileThatStaysIsNoSuccess() throws Exception {
        bucket.kept.add("1/d/a");

        assertThatThrownBy(() -> blobs.deleteFile(1, BlobPath.parse("/d/a", "path"), Expected.ANYTHING))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Access Denied");
        assertThat(blobs.find(1, BlobPath.parse("/d/a", "path"))).isPresent();

        bucket.kept.clear();
        assertThat(blobs.deleteFile(1, BlobPath.parse("/d/a", "path"), Expected.ANYTHING))
                .isTrue();
        assertThat(blobs.find(1, BlobPath.parse("/d/a", "path"))).isEmpty();
    }
}
