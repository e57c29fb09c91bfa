package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.service.catalog.PermissionsChange;
import com.databricks.sdk.service.catalog.Privilege;
import com.databricks.sdk.service.catalog.UpdatePermissions;
import com.databricks.sdk.service.files.DirectoryEntry;
import com.databricks.sdk.service.files.ListDirectoryContentsRequest;
import io.campanile.common.auth.Caller;
import io.campanile.node.files.dbfs.DbfsSettings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract through the workspace service, whose files are in S3; and whose files they are. */
@Tag("slow")
final class DbfsOnBucketTest extends DbfsContract {
    @TempDir
    static Path folder;

    private NodeOnBucket bucket;
    private FilesFixture platform;

    @BeforeAll
    void start() throws Exception {
        bucket = new NodeOnBucket();
        platform = new FilesFixture(folder, NodeOnBucket.config(bucket.port()));
        platform.test.announce("workspace", platform.port());
        platform.volume(FilesFixture.ALICE, "v");
        become(FilesFixture.ALICE);
        open();
    }

    @AfterAll
    void close() throws Exception {
        platform.close();
        bucket.close();
    }

    @Override
    boolean appends() {
        return false;
    }

    /** From now on file systems are opened as on a node of this person. */
    private String become(Caller owner) throws IOException, InterruptedException {
        Path access = folder.resolve("access-" + owner.workspaceId() + "-" + owner.userId());
        DbfsSettings.attach(folder.resolve("files/" + owner.workspaceId()).toString(), access.toString());
        return NodeOnBucket.access(platform.port(), platform.test.environment().tokens(), owner, folder, access);
    }

    private FileSystem nodeOf(Caller owner) throws IOException, InterruptedException {
        become(owner);
        return fileSystem();
    }

    @Test
    void theFilesApiShowsTheSameBytes() throws IOException {
        write(VOLUME + "/api/by-node", "from a node");
        platform.upload(FilesFixture.ALICE, "/Volumes/main/default/v/api/by-person", "from a person", false);

        assertThat(platform.download(FilesFixture.ALICE, "/Volumes/main/default/v/api/by-node"))
                .isEqualTo("from a node");
        assertThat(read(VOLUME + "/api/by-person")).isEqualTo("from a person");
        assertThat(platform.api(FilesFixture.ALICE)
                        .files()
                        .listDirectoryContents(
                                new ListDirectoryContentsRequest().setDirectoryPath("/Volumes/main/default/v/api")))
                .extracting(DirectoryEntry::getName)
                .containsExactlyInAnyOrder("by-node", "by-person");
    }

    @Test
    void nothingIsThereUnderItsNameBeforeItIsWhole() throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(VOLUME + "/half/large");
        try (FSDataOutputStream out = fs.create(path)) {
            out.write(new byte[10 * 1024 * 1024]);
            out.flush();

            assertThat(fs.exists(path)).isFalse();
        }
        assertThat(fs.getFileStatus(path).getLen()).isEqualTo(10L * 1024 * 1024);
    }

    @Test
    void aReaderNeverGetsTwoVersionsOfAFile() throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(VOLUME + "/versions");
        try (FSDataOutputStream out = fs.create(path)) {
            out.write(new byte[400_000]);
        }

        try (FSDataInputStream in = fs.open(path)) {
            assertThat(in.read()).isZero();
            try (FSDataOutputStream out = fs.create(path, true)) {
                out.write("other".getBytes(StandardCharsets.UTF_8));
            }
            assertThatThrownBy(() -> in.readFully(300_000L, new byte[10]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/Volumes/main/default/v/versions")
                    .hasMessageContaining("replaced");
        }
    }

    @Test
    void longListsComeInPages() throws IOException {
        bucket.fill("/many", 1080);

        assertThat(names("/many")).hasSize(1080).doesNotHaveDuplicates();
    }

    @Test
    void aVolumeWithoutAGrantIsRefusedInTheCluster() throws Exception {
        write(VOLUME + "/granted", "1");
        FileSystem bobs = nodeOf(FilesFixture.BOB);
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(VOLUME + "/granted");

        assertThatThrownBy(() -> bobs.open(path))
                .isInstanceOf(AccessControlException.class)
                .hasMessageContaining("does not have READ_VOLUME on Volume 'main.default.v'");
        assertThatThrownBy(() -> bobs.listStatus(path.getParent())).isInstanceOf(AccessControlException.class);
        grant(FilesFixture.BOB, Privilege.READ_VOLUME);
        assertThat(bobs.getFileStatus(path).getLen()).isEqualTo(1);
        assertThatThrownBy(() -> bobs.create(new org.apache.hadoop.fs.Path(VOLUME + "/bobs"), true))
                .isInstanceOf(AccessControlException.class)
                .hasMessageContaining("WRITE_VOLUME");
        assertThatThrownBy(() -> bobs.delete(path, true)).isInstanceOf(AccessControlException.class);
        assertThatThrownBy(() -> bobs.rename(path, new org.apache.hadoop.fs.Path("/bobs")))
                .isInstanceOf(AccessControlException.class);
        assertThat(fs.exists(path)).isTrue();
    }

    private void grant(Caller to, Privilege privilege) {
        platform.api(FilesFixture.ALICE)
                .grants()
                .update(new UpdatePermissions()
                        .setSecurableType("volume")
                        .setFullName("main.default.v")
                        .setChanges(List.of(new PermissionsChange()
                                .setPrincipal(to.userName())
                                .setAdd(List.of(privilege)))));
    }

    @Test
    void filesOfAnotherTenantDoNotExist() throws Exception {
        write("dbfs:/tenant/ours", "1");
        write(VOLUME + "/ours", "1");
        FileSystem strangers = nodeOf(FilesFixture.STRANGER);

        for (String path : List.of("/tenant/ours", VOLUME + "/ours")) {
            org.apache.hadoop.fs.Path there = new org.apache.hadoop.fs.Path(path);
            assertThatThrownBy(() -> strangers.open(there)).as(path).isInstanceOf(FileNotFoundException.class);
            assertThat(strangers.delete(there, true)).isFalse();
        }
        org.apache.hadoop.fs.Path around = new org.apache.hadoop.fs.Path("/../1/tenant/ours");
        assertThatThrownBy(() -> strangers.open(around)).hasMessageContaining("dot segment");
        assertThatThrownBy(() -> strangers.delete(around, true)).hasMessageContaining("dot segment");
        try (FSDataOutputStream out = strangers.create(new org.apache.hadoop.fs.Path("/tenant/ours"), false)) {
            out.write('2');
        }
        assertThat(read("/tenant/ours")).isEqualTo("1");
    }

    @Test
    void eachTokenOpensItsOwnDoorAlone() throws Exception {
        var tokens = platform.test.environment().tokens();
        String work = NodeOnBucket.workToken(tokens, FilesFixture.ALICE);
        String files = become(FilesFixture.ALICE);

        assertThat(status(files, "GET", "/node/v1/files/status?path=/")).isEqualTo(200);
        assertThat(status(work, "GET", "/node/v1/files/status?path=/")).isEqualTo(401);
        assertThat(status(files, "POST", "/node/v1/files/token")).isEqualTo(401);
        for (String route : List.of("/api/2.0/dbfs/list?path=/", "/internal/routes", "/metrics")) {
            assertThat(status(files, "GET", route)).as(route).isEqualTo(401);
            assertThat(status(work, "GET", route)).as(route).isEqualTo(401);
        }
        String person = tokens.sign(FilesFixture.ALICE, "workspace");
        assertThat(status(person, "GET", "/node/v1/files/status?path=/")).isEqualTo(401);
        assertThat(status(files, "GET", "/node/v1/files/status")).isEqualTo(400);
        assertThat(status(files, "POST", "/node/v1/files/rename?path=/a&to=/b&mark=../x"))
                .isEqualTo(400);
    }

    private int status(String token, String method, String target) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + platform.port() + target))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
