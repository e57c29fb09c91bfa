package io.campanile.workspace;

import static io.campanile.workspace.ObjectsFixture.ADMIN;
import static io.campanile.workspace.ObjectsFixture.ALICE;
import static io.campanile.workspace.ObjectsFixture.HOME;
import static io.campanile.workspace.ObjectsFixture.OBJECTS;
import static io.campanile.workspace.ObjectsFixture.STRANGER;
import static io.campanile.workspace.ObjectsFixture.json;
import static io.campanile.workspace.ObjectsFixture.refused;
import static io.campanile.workspace.ObjectsFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.databricks.sdk.service.workspace.ExportFormat;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.databricks.sdk.service.workspace.Language;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Names in one folder that differ by capitals or Unicode form alone, on every way a name can come. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NamesApiTest {
    private static final byte[] TEXT = "some text".getBytes(StandardCharsets.UTF_8);
    private ObjectsFixture workspace;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        workspace = new ObjectsFixture(dataDir);
    }

    @AfterAll
    void stop() {
        workspace.close();
    }

    @Test
    void whateverComesIsRefusedAndNothingIsWritten() throws Exception {
        String folder = folder("every way");
        workspace.api(ALICE).mkdirs(folder + "/Name");
        workspace.importContent(ALICE, folder + "/Some file.txt", TEXT, ImportFormat.AUTO);
        byte[] archive = workspace.exported(ALICE, folder, ExportFormat.DBC);
        long id = workspace.id(ALICE, folder);
        long objects = workspace.count("select count(*) from tree_object");
        long rows = workspace.count("select count(*) from audit_event where outcome = 'DONE'");
        int documents = workspace.documents.documents.size();
        long files = workspace.storedFiles();

        taken(() -> workspace.api(ALICE).mkdirs(folder + "/NAME"), folder + "/NAME", "Name");
        taken(() -> workspace.api(ALICE).mkdirs(folder + "/name/below/it"), folder + "/name", "Name");
        taken(
                () -> workspace
                        .api(ALICE)
                        .importContent(ObjectsFixture.imported(
                                        folder + "/nAME", "1".getBytes(StandardCharsets.UTF_8), ImportFormat.SOURCE)
                                .setLanguage(Language.PYTHON)),
                folder + "/nAME",
                "Name");
        taken(
                () -> workspace
                        .api(ALICE)
                        .importContent(ObjectsFixture.imported(folder + "/SOME file.txt", TEXT, ImportFormat.AUTO)
                                .setOverwrite(true)),
                folder + "/SOME file.txt",
                "Some file.txt");
        taken(
                () -> workspace.importContent(ALICE, folder + "/naMe", archive, ImportFormat.DBC),
                folder + "/naMe",
                "Name");
        taken(create(id, "NOTEBOOK", "NamE"), folder + "/NamE", "Name");
        taken(create(id, "DIRECTORY", "NamE"), folder + "/NamE", "Name");
        taken(
                workspace.put(ALICE, OBJECTS + "/" + id + "/content?name=some%20FILE.txt", TEXT),
                folder + "/some FILE.txt",
                "Some file.txt");
        taken(
                workspace.put(ALICE, OBJECTS + "/" + id + "/content?name=NaMe&archive=DBC", archive),
                folder + "/NaMe",
                "Name");
        assertThat(workspace.count("select count(*) from tree_object")).isEqualTo(objects);
        assertThat(workspace.count("select count(*) from audit_event where outcome = 'DONE'"))
                .isEqualTo(rows);
        assertThat(workspace.documents.documents).hasSize(documents);
        assertThat(workspace.storedFiles()).isEqualTo(files);
    }

    @Test
    void whatHasTheVeryNameIsStillReplacedOrThere() {
        String folder = folder("same");
        workspace.api(ALICE).mkdirs(folder + "/Sub");
        workspace.api(ALICE).mkdirs(folder + "/Sub");
        workspace.importContent(ALICE, folder + "/Data.txt", TEXT, ImportFormat.AUTO);
        workspace
                .api(ALICE)
                .importContent(ObjectsFixture.imported(
                                folder + "/Data.txt", "other".getBytes(StandardCharsets.UTF_8), ImportFormat.AUTO)
                        .setOverwrite(true));

        assertThat(workspace.exported(ALICE, folder + "/Data.txt", ExportFormat.AUTO))
                .isEqualTo("other".getBytes(StandardCharsets.UTF_8));
        refused(
                        () -> workspace.importContent(ALICE, folder + "/Data.txt", TEXT, ImportFormat.AUTO),
                        409,
                        "RESOURCE_ALREADY_EXISTS")
                .hasMessageContaining("Path (" + folder + "/Data.txt) already exists.");
        refused(() -> workspace.api(ALICE).getStatus(folder + "/sub"), 404, "RESOURCE_DOES_NOT_EXIST");
        // Another workspace has its own.
        workspace.api(STRANGER).mkdirs(folder + "/SUB");
    }

    @Test
    void lettersAreComparedAsUnicodeFoldsThem() {
        String folder = folder("letters");
        meet(folder, "Stra\u00dfe", "STRASSE");
        meet(folder, "CAF\u00c9", "cafe\u0301");
        meet(folder, "\u212aelvin", "kELVIN");
        meet(folder, "\u0130zmir", "i\u0307ZMIR");
        meet(folder, "\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2");
        workspace.api(ALICE).mkdirs(folder + "/\u0131");
        workspace.api(ALICE).mkdirs(folder + "/I");
        taken(() -> workspace.api(ALICE).mkdirs(folder + "/i"), folder + "/i", "I");
        // The same name in another form is the same name.
        workspace.api(ALICE).mkdirs(folder + "/re\u0301sume\u0301");
        workspace.api(ALICE).mkdirs(folder + "/r\u00e9sum\u00e9");
        assertThat(workspace.paths(ALICE, folder))
                .filteredOn(path -> path.contains("sum"))
                .hasSize(1);
    }

    @Test
    void anObjectChangesItsOwnCapitalsAndIsNotMovedBesideAVariant() throws Exception {
        String folder = folder("moves");
        workspace.api(ALICE).mkdirs(folder + "/name/below");
        workspace.api(ALICE).mkdirs(folder + "/into/NAME");
        long name = workspace.id(ALICE, folder + "/name");
        long into = workspace.id(ALICE, folder + "/into");

        HttpResponse<byte[]> renamed = move(name, Map.of("name", "Name"));
        assertThat(renamed.statusCode()).as(text(renamed)).isEqualTo(200);
        assertThat(workspace.id(ALICE, folder + "/Name/below")).isPositive();
        taken(move(name, Map.of("parent_id", into)), folder + "/into/Name", "NAME");
        taken(move(name, Map.of("name", "INTO")), folder + "/INTO", "into");
        assertThat(move(name, Map.of("parent_id", into, "name", "other")).statusCode())
                .isEqualTo(200);
        assertThat(workspace.paths(ALICE, folder + "/into"))
                .containsExactlyInAnyOrder(folder + "/into/NAME", folder + "/into/other");
    }

    @Test
    void whatComesOutOfTheTrashIntoAVariantGetsAnotherName() throws Exception {
        String folder = folder("trash");
        workspace.api(ALICE).mkdirs(folder + "/Name");
        long thrown = workspace.id(ALICE, folder + "/Name");
        workspace.post(ALICE, OBJECTS + "/" + thrown + "/trash", "{}");
        workspace.api(ALICE).mkdirs(folder + "/name");
        workspace.api(ALICE).mkdirs(folder + "/NAME 2");

        JsonNode restored = workspace.post(ALICE, OBJECTS + "/" + thrown + "/restore", "{}");

        assertThat(restored.path("name").asText()).isEqualTo("Name 3");
        long untitled = workspace.id(ALICE, folder);
        workspace.api(ALICE).mkdirs(folder + "/UNTITLED");
        assertThat(json(create(untitled, "DIRECTORY", null)).path("name").asText())
                .isEqualTo("Untitled 2");
    }

    @Test
    void ofTwentyAtOnceOneIsMade() throws Exception {
        String folder = folder("race");
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String path = folder + (i % 2 == 0 ? "/x" : "/X");
            calls.add(() -> {
                workspace.importContent(ALICE, path, TEXT, ImportFormat.AUTO);
                return path;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(20);
        List<String> made = new ArrayList<>();
        try {
            for (var call : threads.invokeAll(calls)) {
                try {
                    made.add(call.get());
                } catch (java.util.concurrent.ExecutionException e) {
                    assertThat(e).hasMessageContaining("already exists");
                }
            }
        } finally {
            threads.shutdown();
        }

        assertThat(workspace.paths(ALICE, folder)).hasSize(1).isEqualTo(made);
        // The contents that lost the race go.
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(workspace.count(
                                "select count(*) from content_deletion where due_at < now() + interval '1 minute'"))
                        .isZero());
    }

    @Test
    void peopleWhoseNamesDifferByCapitalsHaveFoldersOfTheirOwn() throws Exception {
        Caller lower = new Caller(1, 501, "zoe@example.com", false, null, "request-1");
        Caller upper = new Caller(1, 502, "ZOE@example.com", false, null, "request-1");

        JsonNode first = json(workspace.get(lower, "/api/campanile/v1/home")).path("home");
        JsonNode second = json(workspace.get(upper, "/api/campanile/v1/home")).path("home");

        assertThat(first.path("path").asText()).isEqualTo("/Users/zoe@example.com");
        assertThat(second.path("path").asText()).isEqualTo("/Users/ZOE@example.com-502");
        taken(() -> workspace.api(ADMIN).mkdirs("/users"), "/users", "Users");
        taken(() -> workspace.api(ADMIN).mkdirs("/SHARED/x"), "/SHARED", "Shared");
    }

    private String folder(String name) {
        String path = HOME + "/" + name;
        workspace.api(ALICE).mkdirs(path);
        return path;
    }

    private void meet(String folder, String name, String other) {
        workspace.api(ALICE).mkdirs(folder + "/" + name);
        refused(() -> workspace.api(ALICE).mkdirs(folder + "/" + other), 409, "RESOURCE_ALREADY_EXISTS")
                .hasMessageContaining("which differs by capitals alone");
    }

    /** The client shows 409 for this code, whatever the status was. */
    private static void taken(ThrowingCallable call, String path, String name) {
        refused(call, 409, "RESOURCE_ALREADY_EXISTS").hasMessageContaining(message(path, name));
    }

    private static void taken(HttpResponse<byte[]> answer, String path, String name) {
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(400);
        assertThat(json(answer).path("error_code").asText()).isEqualTo("RESOURCE_ALREADY_EXISTS");
        assertThat(json(answer).path("message").asText()).isEqualTo(message(path, name));
    }

    private static String message(String path, String name) {
        return "Path (" + path + ") already exists as '" + name + "', which differs by capitals alone.";
    }

    private HttpResponse<byte[]> create(long folder, String type, @org.jspecify.annotations.Nullable String name)
            throws Exception {
        Map<String, Object> body = name == null
                ? Map.of("parent_id", folder, "object_type", type)
                : Map.of("parent_id", folder, "object_type", type, "name", name);
        return workspace.send(
                workspace.request(ALICE, OBJECTS).POST(HttpRequest.BodyPublishers.ofString(Json.write(body))));
    }

    private HttpResponse<byte[]> move(long objectId, Map<String, Object> body) throws Exception {
        return workspace.send(workspace
                .request(ALICE, OBJECTS + "/" + objectId + "/move")
                .method("POST", HttpRequest.BodyPublishers.ofString(Json.write(body))));
    }
}
