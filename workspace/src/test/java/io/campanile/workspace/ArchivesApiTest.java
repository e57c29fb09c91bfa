package io.campanile.workspace;

import static io.campanile.workspace.ObjectsFixture.ALICE;
import static io.campanile.workspace.ObjectsFixture.BOB;
import static io.campanile.workspace.ObjectsFixture.HOME;
import static io.campanile.workspace.ObjectsFixture.OBJECTS;
import static io.campanile.workspace.ObjectsFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.service.workspace.ExportFormat;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.databricks.sdk.service.workspace.ObjectType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Folders as archives, through the SDK; and archives that mean harm, of which nothing must be left. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchivesApiTest {
    private static final String PYTHON = "# Databricks notebook source\n# DBTITLE 1,First\nx = 1\n\n"
            + "# COMMAND ----------\n\n# MAGIC %sql\n# MAGIC select 1\n\n# COMMAND ----------\n\n# MAGIC %md hello\n";
    private static final String JAVA = "// Databricks notebook source\nint x = 1;\n";
    private static final byte[] BYTES = {0, 1, 2, (byte) 0xff};
    private static final String NOTEBOOK =
            "{\"version\":\"NotebookV1\",\"language\":\"python\",\"commands\":[{\"position\":1,\"command\":\"1\"}]}";

    private ObjectsFixture workspace;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        workspace = new ObjectsFixture(dataDir);
        String folder = HOME + "/project";
        workspace.api(ALICE).mkdirs(folder + "/empty");
        workspace.api(ALICE).mkdirs(folder + "/deeper");
        put(folder + "/py.py", PYTHON.getBytes(StandardCharsets.UTF_8), ImportFormat.AUTO);
        put(folder + "/deeper/Tour.java", JAVA.getBytes(StandardCharsets.UTF_8), ImportFormat.AUTO);
        put(folder + "/deeper/data.bin", BYTES, ImportFormat.AUTO);
        put(folder + "/plain.sql", "select 1\n".getBytes(StandardCharsets.UTF_8), ImportFormat.AUTO);
    }

    @AfterAll
    void stop() {
        workspace.close();
    }

    @Test
    void aFolderGoesOutAndInAsDbc() throws Exception {
        byte[] dbc = workspace.exported(ALICE, HOME + "/project", ExportFormat.DBC);

        assertThat(entries(dbc).keySet())
                .containsExactly("deeper/Tour.java", "deeper/data.bin.file", "empty/", "plain.sql.file", "py.python");
        workspace.importContent(ALICE, HOME + "/copy", dbc, ImportFormat.DBC);
        assertSame(HOME + "/project", HOME + "/copy");
        byte[] again = workspace.exported(ALICE, HOME + "/copy", ExportFormat.DBC);
        assertThat(texts(again)).isEqualTo(texts(dbc));
        refused(
                () -> workspace.importContent(ALICE, HOME + "/copy", dbc, ImportFormat.DBC),
                409,
                "RESOURCE_ALREADY_EXISTS");
        refused(() -> workspace.importContent(BOB, HOME + "/x", dbc, ImportFormat.DBC), 403, "PERMISSION_DENIED");
        refused(
                () -> workspace.importContent(ALICE, HOME + "/none/x", dbc, ImportFormat.DBC),
                404,
                "RESOURCE_DOES_NOT_EXIST");
    }

    @Test
    void aFolderGoesOutAndInAsSourceAndAsJupyter() throws Exception {
        byte[] source = workspace.exported(ALICE, HOME + "/project", ExportFormat.SOURCE);
        byte[] jupyter = workspace.exported(ALICE, HOME + "/project", ExportFormat.JUPYTER);

        assertThat(new String(entries(source).get("py.py"), StandardCharsets.UTF_8))
                .isEqualTo(PYTHON);
        assertThat(entries(jupyter).keySet())
                .containsExactly("deeper/Tour.ipynb", "deeper/data.bin", "empty/", "plain.sql", "py.ipynb");
        workspace.importContent(ALICE, HOME + "/from source", source, ImportFormat.SOURCE);
        workspace.importContent(ALICE, HOME + "/from jupyter", jupyter, ImportFormat.JUPYTER);
        assertSame(HOME + "/project", HOME + "/from source");
        assertSame(HOME + "/project", HOME + "/from jupyter");
        refused(() -> workspace.exported(ALICE, HOME + "/project", ExportFormat.RAW), 400, "INVALID_PARAMETER_VALUE");
    }

    @Test
    void anArchiveIsUploadedAsAStreamToo() throws Exception {
        byte[] dbc = workspace.exported(ALICE, HOME + "/project", ExportFormat.DBC);
        long home = workspace.id(ALICE, HOME);

        HttpResponse<byte[]> made =
                workspace.put(ALICE, OBJECTS + "/" + home + "/content?name=streamed&archive=DBC", dbc);

        assertThat(made.statusCode()).as(text(made)).isEqualTo(200);
        assertSame(HOME + "/project", HOME + "/streamed");
    }

    @Test
    void ofABadArchiveNothingIsLeft() throws Exception {
        long objects = workspace.count("select count(*) from tree_object");
        long files = workspace.storedFiles();
        int documents = workspace.documents.documents.size();

        bad("no zip at all".getBytes(StandardCharsets.UTF_8), "zip");
        bad(zip(Map.of("../up.python", NOTEBOOK)), "../up.python");
        bad(zip(Map.of("/root.python", NOTEBOOK)), "/root.python");
        bad(zip(Map.of("a/../../b.python", NOTEBOOK)), "a/../../b.python");
        // Of DOS tools a backslash is a slash; of others it is a character that names cannot have.
        bad(zip(Map.of("..\\up.python", NOTEBOOK)), "../up.python");
        bad(unix("a\\b.python", 0100644), "a\\b.python");
        bad(zip(Map.of("a//b.python", NOTEBOOK)), "a//b.python");
        bad(zip(Map.of("bell\u0007.python", NOTEBOOK)), "bell?");
        bad(zip(Map.of("x".repeat(300) + ".python", NOTEBOOK)), "256");
        bad(zip(Map.of("d/".repeat(80) + "x.python", NOTEBOOK)), "folders");
        bad(zip(two("Name.python", "name.python")), "capitals");
        bad(zip(two("A/x.python", "a/y.python")), "capitals");
        bad(zip(two("Stra\u00dfe.python", "STRASSE.python")), "capitals");
        bad(zip(two("caf\u00e9.python", "cafe\u0301.python")), "twice");
        bad(zip(two("a.python", "a.scala")), "twice");
        bad(zip(two("a/x.python", "a.file")), "twice");
        bad(zip(Map.of("a.python", "{}")), "a.python");
        bad(zip(Map.of("a.python", "[".repeat(10_000))), "a.python");
        bad(zip(Map.of("a.python", "{\"version\":\"NotebookV1\",\"commands\":" + "[".repeat(10_000))), "a.python");
        bad(zip(Map.of("bomb.bin", "0".repeat(20_000_000))), "100");
        bad(many(10_001), "10000");
        bad(link(), "link");
        Map<String, String> mostlyGood = new LinkedHashMap<>();
        mostlyGood.put("good.python", NOTEBOOK);
        mostlyGood.put("good.bin", "bytes");
        mostlyGood.put("z-bad.python", "no json");
        bad(zip(mostlyGood), "z-bad.python");

        assertThat(workspace.count("select count(*) from tree_object")).isEqualTo(objects);
        assertThat(workspace.storedFiles()).isLessThanOrEqualTo(files);
        assertThat(workspace.documents.documents).hasSize(documents);
    }

    @Test
    void whatWasMadeBeforeAFailureIsDeletedAgain() throws Exception {
        Map<String, String> contents = new LinkedHashMap<>();
        contents.put("a.bin", "bytes");
        contents.put("b.python", NOTEBOOK);
        contents.put("c.python", NOTEBOOK);
        long objects = workspace.count("select count(*) from tree_object");
        long files = workspace.storedFiles();
        int documents = workspace.documents.documents.size();
        workspace.documents.awayAfter = 1;

        HttpResponse<byte[]> answer;
        try {
            answer = workspace.put(
                    ALICE, OBJECTS + "/" + workspace.id(ALICE, HOME) + "/content?name=half&archive=DBC", zip(contents));
        } finally {
            workspace.documents.awayAfter = -1;
        }

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(workspace.count("select count(*) from tree_object")).isEqualTo(objects);
        await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(workspace.documents.documents).hasSize(documents);
            assertThat(workspace.storedFiles()).isLessThanOrEqualTo(files);
        });
    }

    private void assertSame(String folder, String copy) {
        for (String path :
                new String[] {"/py", "/deeper/Tour", "/deeper/data.bin", "/plain.sql", "/empty", "/deeper"}) {
            var one = workspace.api(ALICE).getStatus(folder + path);
            var other = workspace.api(ALICE).getStatus(copy + path);
            assertThat(other.getObjectType()).isEqualTo(one.getObjectType());
            assertThat(other.getLanguage()).isEqualTo(one.getLanguage());
            assertThat(other.getSize()).isEqualTo(one.getSize());
            if (one.getObjectType() != ObjectType.DIRECTORY) {
                assertThat(workspace.exported(ALICE, copy + path, ExportFormat.SOURCE))
                        .isEqualTo(workspace.exported(ALICE, folder + path, ExportFormat.SOURCE));
            }
        }
    }

    private void bad(byte[] archive, String words) {
        refused(() -> workspace.importContent(ALICE, HOME + "/bad", archive, ImportFormat.DBC), 400, "")
                .hasMessageContaining(words);
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, int status, String code) {
        return org.assertj.core.api.Assertions.assertThatThrownBy(call)
                .isInstanceOfSatisfying(DatabricksError.class, error -> {
                    assertThat(error.getStatusCode()).as(error.getMessage()).isEqualTo(status);
                    assertThat(error.getErrorCode()).contains(code);
                });
    }

    private void put(String path, byte[] content, ImportFormat format) {
        workspace.importContent(ALICE, path, content, format);
    }

    private static Map<String, String> two(String one, String other) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(one, NOTEBOOK);
        entries.put(other, NOTEBOOK);
        return entries;
    }

    private static byte[] zip(Map<String, String> contents) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, String> content : contents.entrySet()) {
                // Names as they are: this stream does not tidy backslashes and dots away.
                zip.putArchiveEntry(new ZipArchiveEntry("x") {
                    @Override
                    public String getName() {
                        return content.getKey();
                    }
                });
                zip.write(content.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] many(int entries) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        for (int i = 0; i < entries; i++) {
            contents.put("f" + i, "");
        }
        return zip(contents);
    }

    private static byte[] link() throws IOException {
        return unix("passwd", 0120777);
    }

    private static byte[] unix(String name, int mode) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipArchiveOutputStream(bytes)) {
            var entry = new ZipArchiveEntry("x") {
                @Override
                public String getName() {
                    return name;
                }
            };
            entry.setUnixMode(mode);
            zip.putArchiveEntry(entry);
            zip.write("/etc/passwd".getBytes(StandardCharsets.UTF_8));
            zip.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static Map<String, String> texts(byte[] zip) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        entries(zip).forEach((name, bytes) -> texts.put(name, new String(bytes, StandardCharsets.ISO_8859_1)));
        return texts;
    }
}
