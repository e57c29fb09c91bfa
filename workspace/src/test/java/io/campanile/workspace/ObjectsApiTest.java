package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.json.Json;
import io.campanile.common.testing.KnownPrincipals;
import io.campanile.common.testing.TestEnvironment;
import io.campanile.workspace.formats.CellType;
import io.campanile.workspace.formats.Notebook;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Our own API and the internal one, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ObjectsApiTest {
    private static final String OBJECTS = "/api/campanile/v1/objects";
    private final HttpClient http = HttpClient.newHttpClient();
    private final RecordedNotebooks documents = new RecordedNotebooks();
    private TestEnvironment test;
    private WorkspaceServer server;
    private long users;

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
    void theFirstNotebookIsMadeOnceForEachUser() throws Exception {
        Caller caller = user();

        JsonNode home = ok(caller, "GET", "/api/campanile/v1/home", null);
        long first = home.path("getting_started").path("object_id").asLong();

        assertThat(home.path("home").path("path").asText()).isEqualTo("/Users/" + caller.userName());
        assertThat(home.path("getting_started").path("path").asText())
                .isEqualTo("/Users/" + caller.userName() + "/Getting started");
        Notebook tour = documents.get(caller, first, false);
        assertThat(tour.cells().size()).isGreaterThan(12);
        assertThat(tour.cells().get(0).type()).isEqualTo(CellType.MARKDOWN);
        assertThat(ok(caller, "GET", "/api/campanile/v1/home", null)).isEqualTo(home);
        ok(caller, "POST", OBJECTS + "/" + first + "/trash", "{}");
        JsonNode without = ok(caller, "GET", "/api/campanile/v1/home", null);
        assertThat(without.has("getting_started")).isFalse();
    }

    @Test
    void anImportThatIsNoneIsRefusedByName() throws Exception {
        String path = "/api/2.0/workspace/import";
        for (String body : new String[] {"null", "{", "[]"}) {
            HttpResponse<String> answer = call(user(), "POST", path, body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
        }
        assertThat(call(user(), "POST", path, "").body()).contains("Missing required field: path");
        assertThat(call(user(), "POST", path, "{\"path\":{}}").body()).contains("Field path");
    }

    @Test
    void aNotebookWhereTheHomeShouldBeKeepsNobodyOut() throws Exception {
        Caller caller = user();
        Caller admin = new Caller(1, 9_999, "admin@example.com", true, null, "request-1");
        JsonNode root = ok(admin, "GET", OBJECTS, null);
        long homes = root.path("objects").path(1).path("object_id").asLong();
        create(admin, homes, "NOTEBOOK", caller.userName());

        JsonNode home = ok(caller, "GET", "/api/campanile/v1/home", null).path("home");

        assertThat(home.path("object_type").asText()).isEqualTo("DIRECTORY");
        assertThat(home.path("name").asText()).startsWith(caller.userName());
        assertThat(ok(caller, "POST", OBJECTS, "{\"object_type\":\"NOTEBOOK\"}").path("parent_id"))
                .isEqualTo(home.path("object_id"));
    }

    @Test
    void aHomeIsShownWhileTheNotebookServiceIsAway() throws Exception {
        Caller caller = user();
        documents.away = true;
        try {
            JsonNode home = ok(caller, "GET", "/api/campanile/v1/home", null);
            assertThat(home.path("home").path("name").asText()).isEqualTo(caller.userName());
            assertThat(home.has("getting_started")).isFalse();
        } finally {
            documents.away = false;
        }

        JsonNode later = ok(caller, "GET", "/api/campanile/v1/home", null);

        assertThat(later.path("getting_started").path("name").asText()).isEqualTo("Getting started");
    }

    @Test
    void unnamedNotebooksAreNumberedAndHaveOneEmptyCell() throws Exception {
        Caller caller = user();

        JsonNode first = ok(caller, "POST", OBJECTS, "{\"object_type\":\"NOTEBOOK\"}");
        JsonNode second = ok(caller, "POST", OBJECTS, "{\"object_type\":\"NOTEBOOK\",\"language\":\"SQL\"}");
        JsonNode folder = ok(caller, "POST", OBJECTS, "{\"object_type\":\"DIRECTORY\"}");

        assertThat(first.path("name").asText()).isEqualTo("Untitled");
        assertThat(first.path("language").asText()).isEqualTo("JAVA");
        assertThat(first.path("permission").asText()).isEqualTo("CAN_MANAGE");
        assertThat(second.path("name").asText()).isEqualTo("Untitled 2");
        assertThat(folder.path("name").asText()).isEqualTo("Untitled 3");
        assertThat(folder.has("language")).isFalse();
        assertThat(documents
                        .get(caller, first.path("object_id").asLong(), false)
                        .cells())
                .hasSize(1);
    }

    @Test
    void foldersAreListedWithTheWayToThem() throws Exception {
        Caller caller = user();
        long home = ok(caller, "GET", "/api/campanile/v1/home", null)
                .path("home")
                .path("object_id")
                .asLong();
        long folder = create(caller, home, "DIRECTORY", "folder");
        long notebook = create(caller, folder, "NOTEBOOK", "notebook");

        JsonNode root = ok(caller, "GET", OBJECTS, null);
        JsonNode listed = ok(caller, "GET", OBJECTS + "?parent_id=" + folder, null);

        assertThat(root.path("objects").findValuesAsText("name")).containsExactly("Shared", "Users");
        assertThat(listed.path("objects").findValuesAsText("object_id")).containsExactly(Long.toString(notebook));
        assertThat(listed.path("ancestors").findValuesAsText("name"))
                .containsExactly("", "Users", caller.userName(), "folder");
        assertThat(call(caller, "GET", OBJECTS + "?parent_id=" + notebook, null).statusCode())
                .isEqualTo(400);
        assertThat(ok(caller, "GET", OBJECTS + "/" + notebook, null)
                        .path("path")
                        .asText())
                .isEqualTo("/Users/" + caller.userName() + "/folder/notebook");
    }

    @Test
    void objectsMoveButNotIntoThemselves() throws Exception {
        Caller caller = user();
        long home = home(caller);
        long a = create(caller, home, "DIRECTORY", "a");
        long b = create(caller, a, "DIRECTORY", "b");
        create(caller, home, "DIRECTORY", "taken");

        assertThat(call(caller, "POST", OBJECTS + "/" + a + "/move", "{\"parent_id\":" + b + "}")
                        .body())
                .contains("cannot be moved into itself");
        assertThat(call(caller, "POST", OBJECTS + "/" + a + "/move", "{\"parent_id\":" + a + "}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(call(caller, "POST", OBJECTS + "/" + a + "/move", "{\"name\":\"taken\"}")
                        .body())
                .contains("RESOURCE_ALREADY_EXISTS");
        assertThat(call(caller, "POST", OBJECTS + "/" + a + "/move", "{\"name\":\"x/y\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(call(caller, "POST", OBJECTS + "/" + home + "/move", "{\"name\":\"other\"}")
                        .body())
                .contains("protected");
        JsonNode moved = ok(caller, "POST", OBJECTS + "/" + b + "/move", "{\"parent_id\":" + home + ",\"name\":\"c\"}");

        assertThat(moved.path("path").asText()).isEqualTo("/Users/" + caller.userName() + "/c");
    }

    @Test
    void whatIsThrownAwayComesBackWithItsContent() throws Exception {
        Caller caller = user();
        long home = home(caller);
        long folder = create(caller, home, "DIRECTORY", "folder");
        long notebook = create(caller, folder, "NOTEBOOK", "notebook");

        ok(caller, "POST", OBJECTS + "/" + folder + "/trash", "{}");

        assertThat(call(caller, "GET", OBJECTS + "/" + notebook, null).statusCode())
                .isEqualTo(404);
        assertThat(call(caller, "POST", OBJECTS + "/" + notebook + "/restore", "{}")
                        .body())
                .contains("INVALID_STATE");
        assertThat(ok(caller, "GET", OBJECTS + "?trashed=true", null)
                        .path("objects")
                        .findValuesAsText("object_id"))
                .containsExactly(Long.toString(folder));
        create(caller, home, "DIRECTORY", "folder");
        JsonNode restored = ok(caller, "POST", OBJECTS + "/" + folder + "/restore", "{}");
        assertThat(restored.path("name").asText()).isEqualTo("folder 2");
        assertThat(ok(caller, "GET", OBJECTS + "/" + notebook, null)
                        .path("path")
                        .asText())
                .endsWith("/folder 2/notebook");
        documents.get(caller, notebook, false);
    }

    @Test
    void theNotebookServiceLearnsWhoMayDoWhat() throws Exception {
        Caller caller = user();
        Caller other = user();
        long notebook = create(caller, home(caller), "NOTEBOOK", "mine");
        String access = "/internal/objects/" + notebook + "/access";

        JsonNode answer = ok(caller.via("notebook-service"), "GET", access, null);

        assertThat(answer.path("permission").asText()).isEqualTo("CAN_MANAGE");
        assertThat(answer.path("object_type").asText()).isEqualTo("NOTEBOOK");
        assertThat(answer.path("language").asText()).isEqualTo("JAVA");
        assertThat(call(caller, "GET", access, null).statusCode()).isEqualTo(403);
        assertThat(call(other.via("notebook-service"), "GET", access, null).statusCode())
                .isEqualTo(404);
        Caller stranger = new Caller(2, caller.userId(), caller.userName(), true, "notebook-service", "request-1");
        assertThat(call(stranger, "GET", access, null).statusCode()).isEqualTo(404);
        long home = home(caller);
        assertThat(call(caller.via("notebook-service"), "GET", "/internal/objects/" + home + "/access", null)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aTouchedNotebookHasANewTimeAndLanguageAndARecentOneIsFirst() throws Exception {
        Caller caller = user();
        long home = home(caller);
        long older = create(caller, home, "NOTEBOOK", "older");
        long newer = create(caller, home, "NOTEBOOK", "newer");
        long before = ok(caller, "GET", OBJECTS + "/" + older, null)
                .path("modified_at")
                .asLong();
        await().until(() -> System.currentTimeMillis() > before + 2);

        ok(
                caller.via("notebook-service"),
                "POST",
                "/internal/objects/" + older + "/touched",
                "{\"modified_at\":" + (before + 1) + ",\"language\":\"SQL\"}");

        JsonNode touched = ok(caller, "GET", OBJECTS + "/" + older, null);
        assertThat(touched.path("modified_at").asLong()).isEqualTo(before + 1);
        assertThat(touched.path("language").asText()).isEqualTo("SQL");
        assertThat(ok(caller, "GET", "/api/campanile/v1/home", null)
                        .path("recents")
                        .findValuesAsText("object_id"))
                .containsExactly(Long.toString(newer), Long.toString(older));
    }

    @Test
    void everyRouteIsInTheDump() throws Exception {
        JsonNode routes = ok(Caller.service("gateway", 0, "request-1"), "GET", "/internal/routes", null);

        assertThat(routes.findValuesAsText("path"))
                .contains(
                        "/api/2.0/workspace/import", OBJECTS, "/api/campanile/v1/home", "/internal/objects/:id/access");
        assertThat(call(null, "GET", "/api/2.0/workspace/list?path=/", null).statusCode())
                .isEqualTo(401);
    }

    private long home(Caller caller) throws Exception {
        return ok(caller, "GET", "/api/campanile/v1/home", null)
                .path("home")
                .path("object_id")
                .asLong();
    }

    private long create(Caller caller, long parent, String type, String name) throws Exception {
        String body = Json.write(java.util.Map.of("parent_id", parent, "object_type", type, "name", name));
        return ok(caller, "POST", OBJECTS, body).path("object_id").asLong();
    }

    private Caller user() {
        users++;
        return new Caller(1, 100 + users, "user" + users + "@example.com", false, null, "request-1");
    }

    private JsonNode ok(Caller caller, String method, String path, @Nullable String body) throws Exception {
        HttpResponse<String> answer = call(caller, method, path, body);
        assertThat(List.of(answer.statusCode(), answer.body())).startsWith(200);
        return Json.read(answer.body(), JsonNode.class);
    }

    private HttpResponse<String> call(@Nullable Caller caller, String method, String path, @Nullable String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (caller != null) {
            request.header("Authorization", test.bearer(caller, "workspace"));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
