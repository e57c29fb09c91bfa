package io.campanile.workspace.files;

import static io.campanile.workspace.Hostile.takenOrRefused;
import static io.campanile.workspace.Hostile.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.campanile.workspace.blobs.BlobPath;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

final class FilePathFuzzTest {
    private static final Path ROOT = Path.of("/data/files/7");

    /** Twice: as JSON brings a path, and as it stands in a target with its percent signs. */
    @DictionaryEntries({"dbfs:", "/Volumes/", "%2e%2e", "%2f", "%5c", "%00", "%c0%ae", "/..", "//", "\\", "%e2%80%8b"})
    @FuzzTest
    void pathsOfFiles(byte[] input) throws Exception {
        takenOrRefused(() -> within(text(input)));
        takenOrRefused(() -> {
            String decoded = RawPath.decode(new String(input, StandardCharsets.ISO_8859_1));

            assertThat(RawPath.decode(encoded(decoded))).isEqualTo(decoded);
            within(decoded);
        });
    }

    private static void within(String given) {
        BlobPath path = BlobPath.parse(given, "path");
        Path place = ROOT;
        for (String name : path.segments()) {
            place = place.resolve(name);
        }

        assertThat(BlobPath.parse(path.toString(), "path")).isEqualTo(path);
        assertThat(place.normalize().toString()).isEqualTo(place.toString());
        assertThat(place.startsWith(ROOT)).isTrue();
        assertThat(place.getNameCount()).isEqualTo(ROOT.getNameCount() + path.depth());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
