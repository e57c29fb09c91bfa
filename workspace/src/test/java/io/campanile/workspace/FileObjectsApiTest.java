package io.campanile.workspace;

import static io.campanile.workspace.ObjectsFixture.ADMIN;
import static io.campanile.workspace.ObjectsFixture.ALICE;
import static io.campanile.workspace.ObjectsFixture.BOB;
import static io.campanile.workspace.ObjectsFixture.HOME;
import static io.campanile.workspace.ObjectsFixture.OBJECTS;
import static io.campanile.workspace.ObjectsFixture.STRANGER;
import static io.campanile.workspace.ObjectsFixture.imported;
import static io.campanile.workspace.ObjectsFixture.json;
import static io.campanile.workspace.ObjectsFixture.refused;
import static io.campanile.workspace.ObjectsFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.service.workspace.Delete;
import com.databricks.sdk.service.workspace.ExportFormat;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.databricks.sdk.service.workspace.ObjectType;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Files in the tree: by the public API as the SDK calls it, and by our own routes for their contents. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FileObjectsApiTest {
    private static final byte[] BYTES = {0, 1, 2, (byte) 0xff, 'P', 'K', '\r', '\n', 0};
    private ObjectsFixture workspace;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        workspace = new ObjectsFixture(dataDir);
        workspace.api(ALICE).mkdirs(HOME);
    }

    @AfterAll
    void stop() {
        workspace.close();
    }

    @Test
    void whatIsNoNotebookIsImportedAsTheFileItIs() {
        String folder = HOME + "/auto";
        workspace.api(ALICE).mkdirs(folder);
        byte[] script = "print(1)\n".getBytes(StandardCharsets.UTF_8);

        workspace.importContent(ALICE, folder + "/data.csv", BYTES, ImportFormat.AUTO);
        workspace.importContent(ALICE, folder + "/script.py", script, ImportFormat.AUTO);
        workspace.importContent(
                ALICE, folder + "/wrong.py", header("// Databricks notebook source\n1\n"), ImportFormat.AUTO);
        workspace.importContent(
                ALICE, folder + "/book.py", header("# Databricks notebook source\n1\n"), ImportFormat.AUTO);
        workspace.importContent(
                ALICE, folder + "/raw.py", header("# Databricks notebook source\n1\n"), ImportFormat.RAW);
        workspace.importContent(
                ALICE, folder + "/nameless", header("-- Databricks notebook source\n"), ImportFormat.AUTO);

        assertThat(workspace.paths(ALICE, folder))
                .containsExactlyInAnyOrder(
                        folder + "/data.csv",
                        folder + "/script.py",
                        folder + "/wrong.py",
                        folder + "/book",
                        folder + "/raw.py",
                        folder + "/nameless");
        var file = workspace.api(ALICE).getStatus(folder + "/data.csv");
        assertThat(file.getObjectType()).isEqualTo(ObjectType.FILE);
        assertThat(file.getSize()).isEqualTo(BYTES.length);
        assertThat(file.getLanguage()).isNull();
        assertThat(workspace.api(ALICE).getStatus(folder + "/book").getObjectType())
                .isEqualTo(ObjectType.NOTEBOOK);
        assertThat(workspace.api(ALICE).getStatus(folder + "/nameless").getObjectType())
                .isEqualTo(ObjectType.NOTEBOOK);
        for (ExportFormat format : new ExportFormat[] {ExportFormat.AUTO, ExportFormat.RAW, ExportFormat.SOURCE}) {
            assertThat(workspace.exported(ALICE, folder + "/data.csv", format)).isEqualTo(BYTES);
        }
        assertThat(workspace.exported(ALICE, folder + "/script.py", ExportFormat.AUTO))
                .isEqualTo(script);
        for (ExportFormat format : new ExportFormat[] {ExportFormat.JUPYTER, ExportFormat.HTML, ExportFormat.DBC}) {
            refused(() -> workspace.exported(ALICE, folder + "/data.csv", format), 400, "INVALID_PARAMETER_VALUE");
        }
    }

    @Test
    void aFileIsReplacedOnlyByAFile() {
        String path = HOME + "/replaced.txt";
        workspace.importContent(ALICE, path, BYTES, ImportFormat.AUTO);
        long id = workspace.id(ALICE, path);

        refused(() -> workspace.importContent(ALICE, path, BYTES, ImportFormat.AUTO), 409, "RESOURCE_ALREADY_EXISTS");
        refused(
                () -> workspace
                        .api(ALICE)
                        .importContent(imported(path, header("select 1"), ImportFormat.SOURCE)
                                .setLanguage(com.databricks.sdk.service.workspace.Language.SQL)
                                .setOverwrite(true)),
                409,
                "RESOURCE_ALREADY_EXISTS");
        workspace
                .api(ALICE)
                .importContent(imported(path, new byte[0], ImportFormat.RAW).setOverwrite(true));

        assertThat(workspace.id(ALICE, path)).isEqualTo(id);
        assertThat(workspace.api(ALICE).getStatus(path).getSize()).isZero();
        assertThat(workspace.exported(ALICE, path, ExportFormat.AUTO)).isEmpty();
        refused(
                () -> workspace.importContent(ALICE, HOME + "/no/such/folder.txt", BYTES, ImportFormat.AUTO),
                404,
                "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void aDirectDownloadIsTheFileAsAnAttachment() throws Exception {
        workspace.importContent(ALICE, HOME + "/päge.html", BYTES, ImportFormat.AUTO);

        HttpResponse<byte[]> answer = workspace.get(
                ALICE,
                "/api/2.0/workspace/export?direct_download=true&path=" + HOME.replace("@", "%40") + "/p%C3%A4ge.html");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(BYTES);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename*=UTF-8''p%C3%A4ge.html");
        assertThat(answer.headers().firstValue("Content-Security-Policy")).contains("sandbox; default-src 'none'");
    }

    @Test
    void contentsAreStreamedInAndOutWithTheConditionsOfHttp() throws Exception {
        long home = workspace.id(ALICE, HOME);

        HttpResponse<byte[]> made = workspace.put(ALICE, OBJECTS + "/" + home + "/content?name=stream.bin", BYTES);

        assertThat(made.statusCode()).as(text(made)).isEqualTo(200);
        assertThat(json(made).path("object_type").asText()).isEqualTo("FILE");
        assertThat(json(made).path("size").asLong()).isEqualTo(BYTES.length);
        String content = OBJECTS + "/" + json(made).path("object_id").asLong() + "/content";
        String etag = made.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> read = workspace.get(ALICE, content);
        assertThat(read.body()).isEqualTo(BYTES);
        assertThat(read.headers().firstValue("ETag")).contains(etag);
        assertThat(workspace.get(ALICE, content, "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        HttpResponse<byte[]> part = workspace.get(ALICE, content, "Range", "bytes=1-3");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).containsExactly(1, 2, 0xff);
        assertThat(part.headers().firstValue("Content-Range")).contains("bytes 1-3/" + BYTES.length);
        assertThat(workspace.get(ALICE, content, "Range", "bytes=99-").statusCode())
                .isEqualTo(416);

        HttpResponse<byte[]> second = workspace.put(ALICE, content, new byte[] {9}, "If-Match", etag);
        assertThat(second.statusCode()).isEqualTo(200);
        HttpResponse<byte[]> stale = workspace.put(ALICE, content, BYTES, "If-Match", etag);
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(text(stale)).contains("PRECONDITION_FAILED");
        assertThat(workspace.get(ALICE, content).body()).containsExactly(9);
    }

    @Test
    void badUploadsAreRefusedAndNothingIsKept() throws Exception {
        long home = workspace.id(ALICE, HOME);
        long folder = workspace
                .post(ALICE, OBJECTS, "{\"object_type\":\"DIRECTORY\",\"name\":\"uploads\",\"parent_id\":" + home + "}")
                .path("object_id")
                .asLong();
        String into = OBJECTS + "/" + folder + "/content";
        workspace.put(ALICE, into + "?name=there.txt", BYTES);
        long notebook = workspace
                .post(ALICE, OBJECTS, "{\"object_type\":\"NOTEBOOK\",\"name\":\"n\",\"parent_id\":" + folder + "}")
                .path("object_id")
                .asLong();
        long before = workspace.storedFiles();

        assertRefused(workspace.put(ALICE, into, BYTES), 400, "name");
        assertRefused(workspace.put(ALICE, into + "?name=there.txt", BYTES), 400, "RESOURCE_ALREADY_EXISTS");
        assertRefused(workspace.put(ALICE, into + "?name=n&overwrite=true", BYTES), 400, "RESOURCE_ALREADY_EXISTS");
        assertRefused(
                workspace.put(ALICE, into + "?name=there.txt&overwrite=true", BYTES, "If-None-Match", "*"),
                400,
                "RESOURCE_ALREADY_EXISTS");
        assertRefused(workspace.put(ALICE, into + "?name=a%2Fb", BYTES), 400, "INVALID_PARAMETER_VALUE");
        assertRefused(workspace.put(ALICE, into + "?name=..", BYTES), 400, "INVALID_PARAMETER_VALUE");
        assertRefused(workspace.put(ALICE, into + "?name=a%07b", BYTES), 400, "INVALID_PARAMETER_VALUE");
        assertRefused(workspace.put(ALICE, into + "?name=" + "x".repeat(300), BYTES), 400, "256");
        assertRefused(workspace.put(ALICE, into + "?name=x&archive=TAR", BYTES), 400, "archive");
        assertRefused(workspace.put(ALICE, OBJECTS + "/" + notebook + "/content", BYTES), 400, "notebook");
        assertRefused(workspace.get(ALICE, OBJECTS + "/" + notebook + "/content"), 400, "not a file");
        assertRefused(workspace.put(ALICE, OBJECTS + "/99999999/content", BYTES), 404, "RESOURCE_DOES_NOT_EXIST");
        assertRefused(workspace.put(BOB, into + "?name=x", BYTES), 404, "RESOURCE_DOES_NOT_EXIST");
        assertRefused(workspace.put(STRANGER, into + "?name=x", BYTES), 404, "RESOURCE_DOES_NOT_EXIST");
        HttpResponse<byte[]> file = workspace.send(workspace
                .request(ALICE, OBJECTS)
                .POST(HttpRequest.BodyPublishers.ofString("{\"object_type\":\"FILE\",\"name\":\"x\"}")));
        assertRefused(file, 400, "object_type");

        assertThat(workspace.storedFiles()).isLessThanOrEqualTo(before);
        assertThat(workspace.count("select count(*) from tree_object where parent_id = " + folder))
                .isEqualTo(2);
    }

    @Test
    void aLargeFileIsNeverInMemoryAsAWhole() throws Exception {
        int megabytes = Integer.getInteger("files.megabytes", 48);
        long home = workspace.id(ALICE, HOME);
        byte[] piece = new byte[1024 * 1024];
        new Random(7).nextBytes(piece);
        var body = HttpRequest.BodyPublishers.ofInputStream(() -> new Repeated(piece, megabytes));

        HttpResponse<byte[]> made = workspace.send(workspace
                .request(ALICE, OBJECTS + "/" + home + "/content?name=large.bin")
                .PUT(body));

        assertThat(made.statusCode()).as(text(made)).isEqualTo(200);
        long size = json(made).path("size").asLong();
        assertThat(size).isEqualTo((long) megabytes * piece.length);
        String content = OBJECTS + "/" + json(made).path("object_id").asLong() + "/content";
        HttpResponse<byte[]> last = workspace.get(ALICE, content, "Range", "bytes=-1048576");
        assertThat(last.body()).isEqualTo(piece);
        workspace.api(ALICE).delete(new Delete().setPath(HOME + "/large.bin"));
        assertThat(workspace.get(ALICE, content).statusCode()).isEqualTo(404);
    }

    @Test
    void aMoveMovesNoBytesAndTheTrashKeepsThem() throws Exception {
        workspace.api(ALICE).mkdirs(HOME + "/kept/deeper");
        workspace.importContent(ALICE, HOME + "/kept/deeper/f.bin", BYTES, ImportFormat.AUTO);
        long id = workspace.id(ALICE, HOME + "/kept/deeper/f.bin");
        long folder = workspace.id(ALICE, HOME + "/kept");
        long files = workspace.storedFiles();

        workspace.post(ALICE, OBJECTS + "/" + id + "/move", "{\"name\":\"g.bin\"}");
        workspace.post(ALICE, OBJECTS + "/" + folder + "/trash", "{}");

        assertThat(workspace.get(ALICE, OBJECTS + "/" + id + "/content").statusCode())
                .isEqualTo(404);
        assertThat(workspace.storedFiles()).isLessThanOrEqualTo(files);
        workspace.post(ALICE, OBJECTS + "/" + folder + "/restore", "{}");
        assertThat(workspace.get(ALICE, OBJECTS + "/" + id + "/content").body()).isEqualTo(BYTES);
        assertThat(workspace.id(ALICE, HOME + "/kept/deeper/g.bin")).isEqualTo(id);
        workspace.api(ALICE).delete(new Delete().setPath(HOME + "/kept").setRecursive(true));
        // The note goes after the file; fewer files alone may be what another test has left to be deleted.
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> workspace.count("select count(*) from content_deletion where object_id = " + id) == 0);
        assertThat(workspace.storedFiles()).isLessThan(files);
    }

    @Test
    void othersCannotReadOrWriteAndEveryChangeIsInTheAuditLog() throws Exception {
        String path = HOME + "/private.txt";
        workspace.importContent(ALICE, path, BYTES, ImportFormat.AUTO);
        long id = workspace.id(ALICE, path);
        String content = OBJECTS + "/" + id + "/content";

        assertThat(workspace.get(BOB, content).statusCode()).isEqualTo(404);
        assertThat(workspace.get(STRANGER, content).statusCode()).isEqualTo(404);
        refused(() -> workspace.exported(BOB, path, ExportFormat.AUTO), 403, "PERMISSION_DENIED");
        refused(() -> workspace.exported(STRANGER, path, ExportFormat.AUTO), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> workspace.importContent(BOB, path, BYTES, ImportFormat.RAW), 403, "PERMISSION_DENIED");
        assertThat(workspace.get(ADMIN, content).body()).isEqualTo(BYTES);
        workspace.put(ALICE, content, new byte[] {1});

        assertThat(workspace.count(
                        "select count(*) from audit_event where outcome = 'DONE' and resource = 'file/" + id + "'"))
                .isEqualTo(2);
    }

    private static void assertRefused(HttpResponse<byte[]> answer, int status, String words) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
        assertThat(text(answer)).contains(words);
    }

    private static byte[] header(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The same bytes many times. */
    private static final class Repeated extends InputStream {
        private final byte[] piece;
        private long left;

        Repeated(byte[] piece, int times) {
            this.piece = piece;
            this.left = (long) piece.length * times;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (left == 0) {
                return -1;
            }
            int at = (int) ((piece.length - left % piece.length) % piece.length);
            int got = (int) Math.min(Math.min(length, piece.length - at), left);
            System.arraycopy(piece, at, into, offset, got);
            left -= got;
            return got;
        }
    }
}
