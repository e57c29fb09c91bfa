package io.campanile.workspace.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.errors.ApiException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BlobPathTest {
    @Test
    void pathsAreReadInEachOfTheirForms() {
        assertThat(BlobPath.parse("dbfs:/a/b", "path").segments()).isEqualTo(List.of("a", "b"));
        assertThat(BlobPath.parse("/a/b/", "path").toString()).isEqualTo("/a/b");
        assertThat(BlobPath.parse("/", "path").isRoot()).isTrue();
        assertThat(BlobPath.parse("dbfs:/Volumes/main", "path").isInVolumes()).isTrue();
        assertThat(BlobPath.parse("/volumes/main", "path").isInVolumes()).isTrue();
        assertThat(BlobPath.parse("/Volumesx", "path").isInVolumes()).isFalse();
        assertThat(BlobPath.parse("/%2e%2e/x", "path").segments()).isEqualTo(List.of("%2e%2e", "x"));
    }

    @Test
    void whatMayMeanSomethingElseIsRefusedByTheFieldsName() {
        for (String bad : new String[] {
            "",
            "relative",
            "//",
            "/a//b",
            "/a/../b",
            "/..",
            "/a/.",
            "/a\\b",
            "/a\nb",
            "/a\0b",
            "/a\u007fb",
            "/a\u0085",
            "/a\u202eb",
            "/a\u200bb",
            "/\ud800",
            "/e\u0301",
            "/" + "x".repeat(256),
            "/" + "é".repeat(128),
            "/a".repeat(500),
            "dbfs:x",
            "dbfs:",
            "file:/etc/passwd"
        }) {
            assertThatThrownBy(() -> BlobPath.parse(bad, "source_path"))
                    .as(bad)
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("source_path");
        }
        assertThatThrownBy(() -> BlobPath.parse(null, "path")).hasMessageContaining("path");
    }
}
