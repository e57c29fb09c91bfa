package io.campanile.workspace;

import static io.campanile.workspace.FilesFixture.ALICE;
import static io.campanile.workspace.FilesFixture.BOB;
import static io.campanile.workspace.FilesFixture.STRANGER;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.catalog.PermissionsChange;
import com.databricks.sdk.service.catalog.Privilege;
import com.databricks.sdk.service.catalog.UpdatePermissions;
import com.databricks.sdk.service.files.Delete;
import com.databricks.sdk.service.files.Put;
import io.campanile.common.db.Database;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the tables after requests: the audit log, and nothing of one workspace in another's answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FileStoresTest {
    private FilesFixture it;
    private Database database;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        it = new FilesFixture(dataDir, WorkspaceConfig.defaults());
        database = Database.open(it.test.environment().database(), "workspace", "workspace");
    }

    @AfterAll
    void stop() {
        database.close();
        it.close();
    }

    @Test
    void everyChangeIsInTheAuditLogAndContentsAreNot() {
        it.volume(ALICE, "audited");
        it.upload(ALICE, "/Volumes/main/default/audited/f", "canary-content", false);
        it.api(ALICE).dbfs().put(new Put().setPath("/audited").setContents("Y2FuYXJ5LWNvbnRlbnQ="));
        it.api(ALICE).dbfs().mkdirs("/audited folder");
        it.api(ALICE).dbfs().delete(new Delete().setPath("/audited"));
        it.api(ALICE)
                .grants()
                .update(new UpdatePermissions()
                        .setSecurableType("volume")
                        .setFullName("main.default.audited")
                        .setChanges(List.of(new PermissionsChange()
                                .setPrincipal("analysts")
                                .setAdd(List.of(Privilege.READ_VOLUME)))));
        FilesFixture.refused(
                () -> it.upload(BOB, "/Volumes/main/default/audited/g", "x", false), 403, "PERMISSION_DENIED");
        it.api(ALICE).volumes().delete("main.default.audited");

        List<String> rows = database.acrossWorkspaces("a test")
                .fetch("select action || ' ' || resource || ' ' || outcome from audit_event"
                        + " where workspace_id = 1 order by event_id")
                .getValues(0, String.class);
        assertThat(rows)
                .containsSubsequence(
                        "volumes.create volume/main.default.audited DONE",
                        "files.upload file/Volumes/main/default/audited/f DONE",
                        "dbfs.put file/audited DONE",
                        "dbfs.mkdirs file/audited folder DONE",
                        "dbfs.delete file/audited DONE",
                        "volumes.change-permissions volume/main.default.audited DONE",
                        "volumes.delete volume/main.default.audited DONE");
        assertThat(rows).contains("files.upload PUT /api/2.0/fs/files/Volumes/main/default/audited/g DENIED");
        assertThat(database.acrossWorkspaces("a test")
                        .fetch("select details from audit_event")
                        .toString())
                .doesNotContain("canary-content");
        assertThat(database.acrossWorkspaces("a test").fetch("select * from object_acl where object_type = 'volume'"))
                .isEmpty();
    }

    @Test
    void uploadsOfOneWorkspaceAreNotThoseOfAnother() {
        String begun = it.send(ALICE, "POST", "/api/campanile/v1/files/uploads", "{\"path\":\"/tenants\"}")
                .body();
        String one = "/api/campanile/v1/files/uploads/" + begun.replaceAll(".*\"upload_id\":\"(\\d+)\".*", "$1");

        for (String[] call :
                new String[][] {{"GET", one}, {"PUT", one + "?offset=0"}, {"POST", one + "/complete"}, {"DELETE", one}
                }) {
            assertThat(it.send(STRANGER, call[0], call[1], "").statusCode())
                    .as(call[0])
                    .isEqualTo(404);
        }

        assertThat(it.send(ALICE, "GET", one, "").body()).contains("\"received\":0");
    }
}
