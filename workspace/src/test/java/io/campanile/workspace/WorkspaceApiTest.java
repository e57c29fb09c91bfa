package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.workspace.Delete;
import com.databricks.sdk.service.workspace.ExportFormat;
import com.databricks.sdk.service.workspace.ExportRequest;
import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.databricks.sdk.service.workspace.Language;
import com.databricks.sdk.service.workspace.ListWorkspaceRequest;
import com.databricks.sdk.service.workspace.ObjectInfo;
import com.databricks.sdk.service.workspace.ObjectType;
import com.databricks.sdk.service.workspace.WorkspaceAPI;
import io.campanile.common.auth.Caller;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The public API as the unmodified Java SDK calls it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkspaceApiTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");
    private static final Caller ADMIN = new Caller(1, 9, "admin@example.com", true, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");
    private static final String HOME = "/Users/alice@example.com";

    private TestEnvironment test;
    private WorkspaceServer server;
    private final RecordedNotebooks documents = new RecordedNotebooks();

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        test = new TestEnvironment(dataDir);
        server = WorkspaceServer.start(
                        test.environment(), new Neighbours(documents, new KnownPrincipals(), Caller::rights))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() {
        server.close();
        test.close();
    }

    @Test
    void foldersAreMadeWithTheirParentsAndListed() {
        api(ALICE).mkdirs(HOME + "/a/b/c");
        api(ALICE).mkdirs(HOME + "/a/b/c");
        api(ALICE).mkdirs("/Workspace" + HOME + "/a/d");

        assertThat(paths(api(ALICE).list(HOME + "/a"))).containsExactly(HOME + "/a/b", HOME + "/a/d");
        ObjectInfo folder = api(ALICE).getStatus(HOME + "/a/b");
        assertThat(folder.getObjectType()).isEqualTo(ObjectType.DIRECTORY);
        assertThat(folder.getObjectId()).isPositive();
        assertThat(paths(api(ALICE).list("/"))).containsExactly("/Repos", "/Shared", "/Users");
        assertThat(paths(api(ALICE).list("/Users"))).containsExactly(HOME);
        assertThat(paths(api(ALICE).list("/Workspace"))).containsExactly("/Repos", "/Shared", "/Users");
    }

    @Test
    void whatIsNotThereIsNamedInTheError() {
        refused(() -> api(ALICE).getStatus(HOME + "/nothing"), 404, "RESOURCE_DOES_NOT_EXIST")
                .hasMessageContaining("Path (" + HOME + "/nothing) doesn't exist.");
        refused(() -> paths(api(ALICE).list(HOME + "/nothing")), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> delete(ALICE, HOME + "/nothing", false), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(() -> api(ALICE).export(HOME + "/nothing"), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(
                        () -> api(ALICE)
                                .importContent(source(HOME + "/nothing/at/all", "select 1")
                                        .setLanguage(Language.SQL)),
                        404,
                        "RESOURCE_DOES_NOT_EXIST")
                .hasMessageContaining("The parent folder (" + HOME + "/nothing/at) does not exist.");
        refused(() -> api(ALICE).getStatus("relative"), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("Path (relative) doesn't start with '/'");
        refused(() -> api(ALICE).mkdirs(HOME + "/../x"), 400, "INVALID_PARAMETER_VALUE");
        refused(() -> api(ALICE).mkdirs(HOME + "/a\nb"), 400, "INVALID_PARAMETER_VALUE");
        for (String unseen :
                new String[] {"a\u200bb", "a\ufeff", "a\u00adb", "a\u202eb", "\u200d", "\u00a0", "a\u2028b"}) {
            refused(() -> api(ALICE).mkdirs(HOME + "/" + unseen), 400, "INVALID_PARAMETER_VALUE");
        }
        api(ALICE).mkdirs(HOME + "/\ud83d\udc69\u200d\ud83d\udd2c");
        refused(() -> api(ALICE).mkdirs(HOME + "/" + "x".repeat(300)), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void aNotebookGoesInAndComesOutAsSource() {
        String text = """
                -- Databricks notebook source
                -- DBTITLE 1,All of it
                select * from t

                -- COMMAND ----------

                -- MAGIC %md
                -- MAGIC # Title
                """;
        String path = HOME + "/sql notebook";

        api(ALICE).importContent(source(path, text).setLanguage(Language.SQL).setFormat(ImportFormat.SOURCE));

        ObjectInfo info = api(ALICE).getStatus(path);
        assertThat(info.getObjectType()).isEqualTo(ObjectType.NOTEBOOK);
        assertThat(info.getLanguage()).isEqualTo(Language.SQL);
        assertThat(info.getModifiedAt()).isPositive();
        assertThat(documents.documents).containsKey(RecordedNotebooks.key(1, info.getObjectId()));
        assertThat(exported(ALICE, path, ExportFormat.SOURCE)).isEqualTo(text);
        assertThat(api(ALICE).export(path).getFileType()).isEqualTo("sql");
        assertThat(exported(ALICE, path, ExportFormat.JUPYTER)).contains("\"nbformat\"");
        assertThat(exported(ALICE, path, ExportFormat.HTML)).startsWith("<!doctype html>");
    }

    @Test
    void anImportOverAnotherObjectNeedsOverwrite() {
        String path = HOME + "/overwritten";
        api(ALICE).importContent(source(path, "select 1").setLanguage(Language.SQL));
        long id = api(ALICE).getStatus(path).getObjectId();

        refused(
                        () -> api(ALICE).importContent(source(path, "select 2").setLanguage(Language.SQL)),
                        409,
                        "RESOURCE_ALREADY_EXISTS")
                .hasMessageContaining("Path (" + path + ") already exists.");
        api(ALICE)
                .importContent(
                        source(path, "print(2)").setLanguage(Language.PYTHON).setOverwrite(true));

        ObjectInfo info = api(ALICE).getStatus(path);
        assertThat(info.getObjectId()).isEqualTo(id);
        assertThat(info.getLanguage()).isEqualTo(Language.PYTHON);
        assertThat(exported(ALICE, path, ExportFormat.SOURCE)).contains("print(2)");
        api(ALICE).mkdirs(HOME + "/a folder");
        refused(
                () -> api(ALICE)
                        .importContent(source(HOME + "/a folder", "select 2")
                                .setLanguage(Language.SQL)
                                .setOverwrite(true)),
                409,
                "RESOURCE_ALREADY_EXISTS");
        refused(() -> api(ALICE).mkdirs(path + "/below"), 409, "RESOURCE_ALREADY_EXISTS");
    }

    @Test
    void aJavaNotebookIsImportedByItsExtension() {
        String text = "// Databricks notebook source\nint x = 1;\n\n// COMMAND ----------\n\nx + 1\n";

        api(ALICE).importContent(source(HOME + "/Tour.java", text).setFormat(ImportFormat.AUTO));

        assertThat(paths(api(ALICE).list(HOME))).contains(HOME + "/Tour");
        assertThat(api(ALICE).getStatus(HOME + "/Tour").getObjectType()).isEqualTo(ObjectType.NOTEBOOK);
        assertThat(exported(ALICE, HOME + "/Tour", ExportFormat.SOURCE)).isEqualTo(text);
        assertThat(api(ALICE).export(HOME + "/Tour").getFileType()).isEqualTo("java");
    }

    @Test
    void aJupyterNotebookKeepsItsOutputs() {
        String file = """
                {"nbformat":4,"nbformat_minor":4,"metadata":{"kernelspec":{"language":"python","name":"python3"}},
                 "cells":[{"cell_type":"code","execution_count":3,"metadata":{},"source":["print(1)\\n","2"],
                  "outputs":[{"output_type":"stream","name":"stdout","text":["1\\n"]}]}]}
                """;

        api(ALICE).importContent(source(HOME + "/outputs.ipynb", file).setFormat(ImportFormat.AUTO));

        String exported = exported(ALICE, HOME + "/outputs", ExportFormat.JUPYTER);
        assertThat(exported).contains("\"text\" : \"1\\n\"", "\"execution_count\" : 3");
    }

    @Test
    void badContentIsRefused() {
        refused(
                () -> api(ALICE).importContent(new Import().setPath(HOME + "/x").setLanguage(Language.SQL)),
                400,
                "INVALID_PARAMETER_VALUE");
        refused(
                () -> api(ALICE)
                        .importContent(new Import()
                                .setPath(HOME + "/x")
                                .setLanguage(Language.SQL)
                                .setContent("not base64!")),
                400,
                "INVALID_PARAMETER_VALUE");
        refused(() -> api(ALICE).importContent(source(HOME + "/x", "no header")), 400, "INVALID_PARAMETER_VALUE")
                .hasMessageContaining("language");
        refused(
                () -> api(ALICE).importContent(source(HOME + "/x.ipynb", "{}").setFormat(ImportFormat.AUTO)),
                400,
                "INVALID_PARAMETER_VALUE");
        refused(
                () -> api(ALICE).importContent(source(HOME + "/x", "PK").setFormat(ImportFormat.DBC)),
                400,
                "INVALID_PARAMETER_VALUE");
        refused(
                () -> api(ALICE)
                        .importContent(source(HOME + "/x", "x".repeat(10 * 1024 * 1024 + 1))
                                .setLanguage(Language.SQL)),
                400,
                "MAX_NOTEBOOK_SIZE_EXCEEDED");
    }

    @Test
    void aJupyterNotebookOverTwentyMegabytesIsWithinTheLimits() {
        StringBuilder cells = new StringBuilder();
        for (int cell = 0; cell < 25; cell++) {
            cells.append(cell == 0 ? "" : ",")
                    .append("{\"cell_type\":\"code\",\"metadata\":{},\"source\":\"\",\"execution_count\":null,")
                    .append("\"outputs\":[{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":\"")
                    .append("x".repeat(1024 * 1024))
                    .append("\"}]}");
        }
        String file = "{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},\"cells\":[" + cells + "]}";

        api(ALICE).importContent(source(HOME + "/large", file).setFormat(ImportFormat.JUPYTER));

        long id = api(ALICE).getStatus(HOME + "/large").getObjectId();
        assertThat(documents.get(ALICE, id, true).cells()).hasSize(25);
        delete(ALICE, HOME + "/large", false);
    }

    @Test
    void aFolderWithContentIsDeletedOnlyRecursively() {
        String folder = HOME + "/doomed";
        api(ALICE).mkdirs(folder + "/deeper");
        api(ALICE).importContent(source(folder + "/deeper/n", "select 1").setLanguage(Language.SQL));
        String document = RecordedNotebooks.key(
                1, api(ALICE).getStatus(folder + "/deeper/n").getObjectId());

        refused(() -> delete(ALICE, folder, false), 400, "DIRECTORY_NOT_EMPTY");
        delete(ALICE, folder, true);

        refused(() -> api(ALICE).getStatus(folder), 404, "RESOURCE_DOES_NOT_EXIST");
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(documents.documents).doesNotContainKey(document));
        refused(() -> delete(ALICE, "/Shared", false), 400, "BAD_REQUEST");
        refused(() -> delete(ALICE, HOME, false), 400, "BAD_REQUEST");
    }

    @Test
    void notebooksAreListedByTheirTime() {
        api(ALICE).mkdirs(HOME + "/times/sub");
        api(ALICE).importContent(source(HOME + "/times/n", "select 1").setLanguage(Language.SQL));
        long modified = api(ALICE).getStatus(HOME + "/times/n").getModifiedAt();

        var before = new ListWorkspaceRequest().setPath(HOME + "/times").setNotebooksModifiedAfter(modified);
        var after = new ListWorkspaceRequest().setPath(HOME + "/times").setNotebooksModifiedAfter(modified + 1);

        assertThat(paths(api(ALICE).list(before))).containsExactly(HOME + "/times/sub", HOME + "/times/n");
        assertThat(paths(api(ALICE).list(after))).containsExactly(HOME + "/times/sub");
        assertThat(paths(api(ALICE).list(HOME + "/times/n"))).containsExactly(HOME + "/times/n");
    }

    @Test
    void othersReachSharedButNotHomes() {
        api(ALICE).mkdirs(HOME + "/private");
        api(ALICE).mkdirs("/Shared/team");
        api(BOB).importContent(source("/Shared/team/bobs", "select 1").setLanguage(Language.SQL));

        assertThat(exported(ALICE, "/Shared/team/bobs", ExportFormat.SOURCE)).contains("select 1");
        for (String path : List.of(HOME, HOME + "/private", HOME + "/never-made", "/Users/nobody@example.com/x")) {
            refused(() -> api(BOB).getStatus(path), 403, "PERMISSION_DENIED");
            refused(() -> api(BOB).mkdirs(path + "/mine"), 403, "PERMISSION_DENIED");
            refused(() -> delete(BOB, path, false), 403, "PERMISSION_DENIED");
        }
        refused(() -> api(BOB).mkdirs("/top"), 403, "PERMISSION_DENIED");
        assertThat(api(ADMIN).getStatus(HOME + "/private").getObjectType()).isEqualTo(ObjectType.DIRECTORY);
        api(ADMIN).mkdirs("/top/level");
        refused(() -> api(BOB).getStatus("/top/level"), 404, "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void anotherWorkspaceSeesNothing() {
        api(ALICE).mkdirs(HOME + "/ours");
        long id = api(ALICE).getStatus(HOME + "/ours").getObjectId();

        refused(() -> api(STRANGER).getStatus(HOME + "/ours"), 404, "RESOURCE_DOES_NOT_EXIST");
        assertThat(paths(api(STRANGER).list("/"))).containsExactly("/Repos", "/Shared", "/Users");
        assertThat(api(STRANGER).getStatus("/Users").getObjectId())
                .isNotEqualTo(api(ALICE).getStatus("/Users").getObjectId())
                .isNotEqualTo(id);
    }

    private WorkspaceAPI api(Caller caller) {
        return new WorkspaceClient(new DatabricksConfig()
                        .setHost("http://127.0.0.1:" + server.port())
                        .setToken(test.environment().tokens().sign(caller, "workspace"))
                        .setAuthType("pat"))
                .workspace();
    }

    private void delete(Caller caller, String path, boolean recursive) {
        api(caller).delete(new Delete().setPath(path).setRecursive(recursive));
    }

    private String exported(Caller caller, String path, ExportFormat format) {
        var request = new ExportRequest().setPath(path).setFormat(format);
        return new String(Base64.getDecoder().decode(api(caller).export(request).getContent()), StandardCharsets.UTF_8);
    }

    private static Import source(String path, String text) {
        return new Import()
                .setPath(path)
                .setContent(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> paths(Iterable<ObjectInfo> listed) {
        List<String> paths = new ArrayList<>();
        listed.forEach(object -> paths.add(object.getPath()));
        return paths;
    }

    /** {@code status} as the SDK has it: it takes 409 for RESOURCE_ALREADY_EXISTS, whatever came. */
    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            ThrowingCallable call, int status, String code) {
        return assertThatThrownBy(call).isInstanceOfSatisfying(DatabricksError.class, error -> {
            assertThat(error.getErrorCode()).isEqualTo(code);
            assertThat(error.getStatusCode()).isEqualTo(status);
        });
    }
}
