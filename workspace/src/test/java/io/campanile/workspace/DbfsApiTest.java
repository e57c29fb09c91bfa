package io.campanile.workspace;

import static io.campanile.workspace.FilesFixture.ALICE;
import static io.campanile.workspace.FilesFixture.BOB;
import static io.campanile.workspace.FilesFixture.STRANGER;
import static io.campanile.workspace.FilesFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.files.AddBlock;
import com.databricks.sdk.service.files.Create;
import com.databricks.sdk.service.files.Delete;
import com.databricks.sdk.service.files.FileInfo;
import com.databricks.sdk.service.files.Move;
import com.databricks.sdk.service.files.Put;
import com.databricks.sdk.service.files.ReadDbfsRequest;
import com.databricks.sdk.service.files.ReadResponse;
import io.campanile.common.auth.Caller;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The DBFS API and resumable uploads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DbfsApiTest {
    private static final int BLOCK = 1024 * 1024;
    private static final String UPLOADS = "/api/campanile/v1/files/uploads";

    private FilesFixture it;
    private Path data;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        data = dataDir;
        it = new FilesFixture(dataDir, WorkspaceConfig.defaults());
        it.volume(ALICE, "dbfs");
    }

    @AfterAll
    void stop() {
        it.close();
    }

    @Test
    void filesArePutReadListedMovedAndDeleted() {
        put(ALICE, "/d/one", "hello", false);
        put(BOB, "dbfs:/d/two", "world", false);
        it.api(ALICE).dbfs().mkdirs("/d/sub/deep");

        assertThat(list(ALICE, "/d")).containsExactly("/d/one 5", "/d/sub dir", "/d/two 5");
        assertThat(list(ALICE, "/d/one")).containsExactly("/d/one 5");
        assertThat(list(ALICE, "/d/sub/deep")).isEmpty();
        FileInfo status = it.api(ALICE).dbfs().getStatus("/d/one");
        assertThat(status.getIsDir()).isFalse();
        assertThat(status.getModificationTime()).isPositive();
        assertThat(read("/d/one", 1, 3)).isEqualTo("3 ell");
        assertThat(read("/d/one", 3, 100)).isEqualTo("2 lo");
        assertThat(read("/d/one", 5, 100)).isEqualTo("0 ");
        move("/d/one", "/d/sub/three");
        refused(() -> move("/d/two", "/d/sub/three"), 409, "RESOURCE_ALREADY_EXISTS");
        refused(() -> move("/d/sub", "/d/sub/deep/x"), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> move("/d/none", "/d/x"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> delete("/d", false), 400, "DIRECTORY_NOT_EMPTY");
        delete("/d", true);
        refused(() -> it.api(ALICE).dbfs().getStatus("/d"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> delete("/d", true), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> delete("/", true), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void overwritingIsAskedForAndSizesHaveTheirLimits() {
        put(ALICE, "/o", "1", false);

        refused(() -> put(ALICE, "/o", "2", false), 409, "RESOURCE_ALREADY_EXISTS");
        put(ALICE, "/o", "22", true);
        assertThat(read("/o", 0, 9)).isEqualTo("2 22");
        refused(() -> put(ALICE, "/big", "x".repeat(BLOCK + 1), false), 400, "MAX_BLOCK_SIZE_EXCEEDED");
        refused(() -> read("/o", 0, BLOCK + 1), 400, "MAX_READ_SIZE_EXCEEDED");
        refused(() -> read("/o", -1, 1), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> read("/", 0, 1), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> it.api(ALICE).dbfs().mkdirs("/o"), 409, "RESOURCE_ALREADY_EXISTS");
        refused(() -> it.api(ALICE).dbfs().mkdirs("/o/below"), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> it.api(ALICE).dbfs().mkdirs("relative"), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("path");
        refused(() -> move("/a/../b", "/c"), 400, "INVALID_PARAMETER_VALUE").hasMessageContaining("source_path");
        refused(
                        () -> it.api(ALICE).dbfs().put(new Put().setPath("/x").setContents("not base64!")),
                        400,
                        "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("contents");
    }

    @Test
    void aHandleTakesBlocksAcrossARestartAndTheFileAppearsAtTheEnd() throws Exception {
        long handle = create(ALICE, "/blocks", false);
        assertThat(handle).isBetween(1L, 1L << 53);
        add(ALICE, handle, "x".repeat(BLOCK));
        refused(() -> it.api(ALICE).dbfs().getStatus("/blocks"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> add(BOB, handle, "y"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> it.api(BOB).dbfs().close(handle), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> add(ALICE, handle, "x".repeat(BLOCK + 1)), 400, "MAX_BLOCK_SIZE_EXCEEDED");
        // What a kill in the middle of a block leaves: bytes that were never acknowledged.
        Path staged = data.resolve("files/.staging/upload-1-" + handle);
        Files.writeString(staged, "half a block", StandardOpenOption.APPEND);
        Path passing = Files.writeString(data.resolve("files/.staging/passing-1"), "half a file");

        it.restart();
        add(ALICE, handle, "end");
        it.api(ALICE).dbfs().close(handle);

        assertThat(passing).doesNotExist();
        assertThat(read("/blocks", BLOCK - 1, 9)).isEqualTo("4 xend");
        assertThat(it.api(ALICE).dbfs().getStatus("/blocks").getFileSize()).isEqualTo(BLOCK + 3);
        refused(() -> it.api(ALICE).dbfs().close(handle), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> create(ALICE, "/blocks", false), 409, "RESOURCE_ALREADY_EXISTS");
        assertThat(staged).doesNotExist();
    }

    @Test
    void anEmptyFileNeedsNoBlock() {
        it.api(ALICE).dbfs().close(create(ALICE, "/empty", false));

        assertThat(it.api(ALICE).dbfs().getStatus("/empty").getFileSize()).isZero();
    }

    @Test
    void volumesAreReachedUnderTheirOwnRules() {
        put(ALICE, "dbfs:/Volumes/main/default/dbfs/f", "x", false);

        assertThat(list(ALICE, "/Volumes/main/default/dbfs")).containsExactly("/Volumes/main/default/dbfs/f 1");
        assertThat(list(ALICE, "/Volumes")).containsExactly("/Volumes/main dir");
        assertThat(list(ALICE, "/Volumes/main/default")).containsExactly("/Volumes/main/default/dbfs dir");
        assertThat(list(BOB, "/Volumes/main/default")).isEmpty();
        // On a disk that does not tell capitals apart these are the same files.
        assertThat(list(ALICE, "/volumes/main/default/dbfs")).containsExactly("/Volumes/main/default/dbfs/f 1");
        refused(() -> list(BOB, "/VOLUMES/main/default/dbfs"), 403, "PERMISSION_DENIED");
        refused(() -> it.api(BOB).dbfs().mkdirs("/volumes/mine"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> list(BOB, "/Volumes/main/default/dbfs"), 403, "PERMISSION_DENIED");
        refused(() -> move("/Volumes/main/default/dbfs", "/stolen"), 400, "INVALID_PARAMETER_VALUE");
        put(BOB, "/bobs", "x", false);
        refused(
                () -> it.api(BOB)
                        .dbfs()
                        .move(new Move().setSourcePath("/bobs").setDestinationPath("/Volumes/main/default/dbfs/bobs")),
                403,
                "PERMISSION_DENIED");
        refused(() -> it.api(ALICE).dbfs().mkdirs("/Volumes/main/default/new"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void anotherWorkspaceHasItsOwnRoot() {
        put(ALICE, "/tenant", "x", false);
        long handle = create(ALICE, "/tenants handle", false);

        refused(() -> it.api(STRANGER).dbfs().getStatus("/tenant"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> add(STRANGER, handle, "y"), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(list(STRANGER, "/")).isEmpty();
    }

    @Test
    void aLargeUploadGoesOnWhereItBrokeOff() throws Exception {
        String begun = it.send(ALICE, "POST", UPLOADS, "{\"path\":\"/Volumes/main/default/dbfs/large\",\"size\":10}")
                .body();
        String one = UPLOADS + "/" + begun.replaceAll(".*\"upload_id\":\"(\\d+)\".*", "$1");
        assertThat(it.send(ALICE, "PUT", one + "?offset=0", "01234").body()).contains("\"received\":5");

        assertThat(it.send(ALICE, "PUT", one + "?offset=3", "x").body())
                .contains("RESOURCE_CONFLICT", "\"received\":5");
        assertThat(it.send(ALICE, "PUT", one + "?offset=5", "5678910").statusCode())
                .isEqualTo(413);
        assertThat(it.send(ALICE, "POST", one + "/complete", "{}").body()).contains("INVALID_STATE");
        assertThat(it.send(BOB, "GET", one, "").statusCode()).isEqualTo(404);
        it.restart();
        assertThat(it.send(ALICE, "GET", one, "").body()).contains("\"received\":5");
        assertThat(it.send(ALICE, "PUT", one + "?offset=5", "56789").statusCode())
                .isEqualTo(200);
        assertThat(it.send(ALICE, "POST", one + "/complete", "{}").body()).contains("\"size\":10", "etag");

        assertThat(it.download(ALICE, "/Volumes/main/default/dbfs/large")).isEqualTo("0123456789");
        assertThat(it.send(ALICE, "GET", one, "").statusCode()).isEqualTo(404);
    }

    @Test
    void anAbortedUploadLeavesNothing() {
        String begun =
                it.send(ALICE, "POST", UPLOADS, "{\"path\":\"/aborted\"}").body();
        String id = begun.replaceAll(".*\"upload_id\":\"(\\d+)\".*", "$1");
        it.send(ALICE, "PUT", UPLOADS + "/" + id + "?offset=0", "x");

        assertThat(it.send(ALICE, "DELETE", UPLOADS + "/" + id, "").statusCode())
                .isEqualTo(200);

        assertThat(data.resolve("files/.staging/upload-1-" + id)).doesNotExist();
        refused(() -> it.api(ALICE).dbfs().getStatus("/aborted"), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(it.send(ALICE, "POST", UPLOADS, "{}").body()).contains("path");
    }

    private long create(Caller caller, String path, boolean overwrite) {
        return it.api(caller)
                .dbfs()
                .create(new Create().setPath(path).setOverwrite(overwrite))
                .getHandle();
    }

    private void add(Caller caller, long handle, String text) {
        it.api(caller).dbfs().addBlock(new AddBlock().setHandle(handle).setData(base64(text)));
    }

    private void put(Caller caller, String path, String text, boolean overwrite) {
        it.api(caller)
                .dbfs()
                .put(new Put().setPath(path).setContents(base64(text)).setOverwrite(overwrite));
    }

    private void move(String from, String to) {
        it.api(ALICE).dbfs().move(new Move().setSourcePath(from).setDestinationPath(to));
    }

    private void delete(String path, boolean recursive) {
        it.api(ALICE).dbfs().delete(new Delete().setPath(path).setRecursive(recursive));
    }

    private String read(String path, long offset, long length) {
        ReadResponse read = it.api(ALICE)
                .dbfs()
                .read(new ReadDbfsRequest().setPath(path).setOffset(offset).setLength(length));
        return read.getBytesRead() + " "
                + new String(Base64.getDecoder().decode(read.getData()), StandardCharsets.UTF_8);
    }

    private List<String> list(Caller caller, String path) {
        List<String> listed = new ArrayList<>();
        it.api(caller)
                .dbfs()
                .list(path)
                .forEach(info -> listed.add(info.getPath() + " " + (info.getIsDir() ? "dir" : info.getFileSize())));
        return listed;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
