package io.campanile.workspace;

import static io.campanile.workspace.FilesFixture.ALICE;
import static io.campanile.workspace.FilesFixture.BOB;
import static io.campanile.workspace.FilesFixture.STRANGER;
import static io.campanile.workspace.FilesFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.files.CreateDirectoryRequest;
import com.databricks.sdk.service.files.DirectoryEntry;
import com.databricks.sdk.service.files.ListDirectoryContentsRequest;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The Files API through the unmodified SDK, and what only raw requests can say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilesApiTest {
    private static final String V = "/Volumes/main/default/files";
    private static final String RAW = "/api/2.0/fs/files" + V;
    private static final int LIMIT = 3 * 1024 * 1024;

    private FilesFixture it;
    private Path data;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        data = dataDir;
        WorkspaceConfig usual = WorkspaceConfig.defaults();
        it = new FilesFixture(
                dataDir,
                new WorkspaceConfig(
                        usual.storage(), usual.s3(), LIMIT, usual.transfers(), usual.uploadLife(), usual.git()));
        it.volume(ALICE, "files");
    }

    @AfterAll
    void stop() {
        it.close();
    }

    @Test
    void aFileGoesInAndComesOut() throws IOException {
        String path = V + "/in/a b+c%ü#?.txt";
        // The SDK encodes the path of every call but this one.
        String encoded = V + "/in/a%20b+c%25%C3%BC%23%3F.txt";
        it.upload(ALICE, encoded, "content", false);

        assertThat(it.download(ALICE, path)).isEqualTo("content");
        var metadata = it.api(ALICE).files().getMetadata(path);
        assertThat(metadata.getContentLength()).isEqualTo(7);
        assertThat(metadata.getContentType()).isEqualTo("application/octet-stream");
        assertThat(metadata.getLastModified()).endsWith("GMT");
        assertThat(Files.readString(data.resolve("files/1" + path))).isEqualTo("content");
        refused(() -> it.upload(ALICE, encoded, "again", false), 409, "RESOURCE_ALREADY_EXISTS");
        it.upload(ALICE, encoded, "again", true);
        assertThat(it.download(ALICE, path)).isEqualTo("again");
        it.api(ALICE).files().delete(path);
        refused(() -> it.download(ALICE, path), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(ALICE).files().delete(path), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(it.send(ALICE, "HEAD", RAW + "/none", "").statusCode()).isEqualTo(404);
    }

    @Test
    void foldersAreMadeListedAndDeleted() {
        String folder = V + "/folders";
        it.api(ALICE).files().createDirectory(new CreateDirectoryRequest().setDirectoryPath(folder + "/a/b"));
        it.api(ALICE).files().createDirectory(new CreateDirectoryRequest().setDirectoryPath(folder + "/a/b"));
        for (int i = 0; i < 5; i++) {
            it.upload(ALICE, folder + "/f" + i, "x".repeat(i), false);
        }

        List<String> listed = new ArrayList<>();
        it.api(ALICE)
                .files()
                .listDirectoryContents(new ListDirectoryContentsRequest()
                        .setDirectoryPath(folder)
                        .setPageSize(2L))
                .forEach((DirectoryEntry entry) -> listed.add(entry.getName() + " " + entry.getIsDirectory() + " "
                        + entry.getFileSize() + " " + entry.getPath().equals(folder + "/" + entry.getName())));

        assertThat(listed)
                .containsExactly(
                        "a true null true",
                        "f0 false 0 true",
                        "f1 false 1 true",
                        "f2 false 2 true",
                        "f3 false 3 true",
                        "f4 false 4 true");
        it.api(ALICE).files().getDirectoryMetadata(folder + "/a");
        refused(() -> it.api(ALICE).files().deleteDirectory(folder + "/a"), 400, "DIRECTORY_NOT_EMPTY");
        it.api(ALICE).files().deleteDirectory(folder + "/a/b");
        refused(() -> it.api(ALICE).files().deleteDirectory(folder + "/a/b"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(
                () -> it.api(ALICE)
                        .files()
                        .createDirectory(new CreateDirectoryRequest().setDirectoryPath(folder + "/f1")),
                409,
                "RESOURCE_ALREADY_EXISTS");
        refused(() -> it.upload(ALICE, folder + "/f1/below", "x", false), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> it.upload(ALICE, folder, "x", true), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> it.api(ALICE).files().deleteDirectory(V), 400, "INVALID_PARAMETER_VALUE");
        assertThat(it.send(ALICE, "HEAD", "/api/2.0/fs/directories" + folder + "/f1", "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(it.send(ALICE, "GET", "/api/2.0/fs/directories" + folder + "?page_token=%21", "")
                        .body())
                .contains("page_token");
        assertThat(it.send(ALICE, "GET", "/api/2.0/fs/directories/Volumes/main/default", "")
                        .body())
                .contains("\"name\":\"files\"");
    }

    @Test
    void rangesAndConditionsAreThoseOfHttp() {
        String path = RAW + "/conditions";
        assertThat(it.send(ALICE, "PUT", path, "0123456789").statusCode()).isEqualTo(204);
        HttpResponse<String> whole = it.send(ALICE, "GET", path, "");
        String etag = whole.headers().firstValue("ETag").orElseThrow();
        String modified = whole.headers().firstValue("Last-Modified").orElseThrow();

        assertThat(range(path, "bytes=2-4")).isEqualTo("206 bytes 2-4/10 234");
        assertThat(range(path, "bytes=7-")).isEqualTo("206 bytes 7-9/10 789");
        assertThat(range(path, "bytes=-3")).isEqualTo("206 bytes 7-9/10 789");
        assertThat(range(path, "bytes=5-99")).isEqualTo("206 bytes 5-9/10 56789");
        assertThat(range(path, "bytes=0-1,3-4")).isEqualTo("200  0123456789");
        assertThat(range(path, "bytes=10-")).startsWith("416 bytes */10").contains("RANGE_NOT_SATISFIABLE");
        assertThat(status("GET", path, "If-None-Match", etag)).isEqualTo(304);
        assertThat(status("HEAD", path, "If-None-Match", etag)).isEqualTo(304);
        assertThat(status("GET", path, "If-Modified-Since", modified)).isEqualTo(304);
        assertThat(status("GET", path, "If-Match", "\"other\"")).isEqualTo(412);
        assertThat(status("GET", path, "If-Match", "\"other\", " + etag)).isEqualTo(200);
        assertThat(status("GET", path, "If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:01 GMT"))
                .isEqualTo(412);
        assertThat(status("GET", path, "Range", "bytes=0-1", "If-Range", "\"other\""))
                .isEqualTo(200);

        assertThat(status("PUT", path, "If-None-Match", "*")).isEqualTo(400);
        assertThat(status("PUT", path, "If-Match", "\"other\"")).isEqualTo(412);
        assertThat(status("PUT", path, "If-Match", etag)).isEqualTo(204);
        assertThat(status("PUT", path, "If-Match", etag)).isEqualTo(412);
        assertThat(status("DELETE", path, "If-Match", etag)).isEqualTo(412);
        assertThat(status("PUT", RAW + "/first", "If-None-Match", "*")).isEqualTo(204);
    }

    @Test
    void whatIsTooLargeOrBreaksOffLeavesNothing() throws Exception {
        assertThat(it.send(ALICE, "PUT", RAW + "/large", "x".repeat(LIMIT + 1)).statusCode())
                .isEqualTo(413);
        assertThat(it.send(ALICE, "PUT", RAW + "/largest", "x".repeat(LIMIT)).statusCode())
                .isEqualTo(204);
        try (Socket socket = new Socket("127.0.0.1", it.port())) {
            socket.getOutputStream()
                    .write(("PUT " + RAW + "/broken HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                                    + it.test.bearer(ALICE, "workspace")
                                    + "\r\nContent-Length: 1000000\r\n\r\nthe beginning")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> staged() == 1);
        }

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> staged() == 0);
        assertThat(it.send(ALICE, "GET", RAW + "/broken", "").statusCode()).isEqualTo(404);
        assertThat(it.send(ALICE, "GET", RAW + "/large", "").statusCode()).isEqualTo(404);
    }

    @Test
    void pathsThatMayMeanSomethingElseAreRefused() {
        for (String bad : List.of(
                "/../../2/x",
                "/%2e%2e/x",
                "/a%2fb",
                "/a%00b",
                "/a%0ab",
                "/a%5cb",
                "/a//b",
                "/%ff",
                "/e%cc%81",
                "/%e2%80%ae",
                "/" + "x".repeat(256))) {
            HttpResponse<String> answer = it.send(ALICE, "PUT", RAW + bad, "x");
            assertThat(answer.statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(it.send(ALICE, "PUT", "/api/2.0/fs/files/etc/passwd", "x").body())
                .contains("INVALID_PARAMETER_VALUE", "path");
        assertThat(it.send(ALICE, "PUT", "/api/2.0/fs/files/Volumes/main/default/none/x", "x")
                        .statusCode())
                .isEqualTo(404);
        assertThat(it.send(ALICE, "PUT", "/api/2.0/fs/files/Volumes/main/default", "x")
                        .statusCode())
                .isEqualTo(400);
        assertThat(it.send(ALICE, "GET", "/api/2.0/fs/directories/Volumes/other/default", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void othersHaveNothingWithoutAGrant() {
        it.upload(ALICE, V + "/private", "x", true);

        refused(() -> it.download(BOB, V + "/private"), 403, "PERMISSION_DENIED");
        refused(() -> it.download(BOB, V + "/not there"), 403, "PERMISSION_DENIED");
        refused(() -> it.upload(BOB, V + "/mine", "x", false), 403, "PERMISSION_DENIED");
        refused(() -> it.download(STRANGER, V + "/private"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.upload(STRANGER, V + "/mine", "x", false), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    private String range(String path, String range) {
        HttpResponse<String> answer = it.send(ALICE, "GET", path, "", "Range", range);
        return answer.statusCode() + " "
                + answer.headers().firstValue("Content-Range").orElse("") + " " + answer.body();
    }

    private int status(String method, String path, String... headers) {
        return it.send(ALICE, method, path, method.equals("PUT") ? "new" : "", headers)
                .statusCode();
    }

    private long staged() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("files/.staging"))) {
            return files.count();
        }
    }
}
