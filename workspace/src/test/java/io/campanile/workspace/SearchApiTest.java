package io.campanile.workspace;

import static io.campanile.workspace.ObjectsFixture.ADMIN;
import static io.campanile.workspace.ObjectsFixture.ALICE;
import static io.campanile.workspace.ObjectsFixture.BOB;
import static io.campanile.workspace.ObjectsFixture.HOME;
import static io.campanile.workspace.ObjectsFixture.OBJECTS;
import static io.campanile.workspace.ObjectsFixture.STRANGER;
import static io.campanile.workspace.ObjectsFixture.json;
import static io.campanile.workspace.ObjectsFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.workspace.ImportFormat;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Search by name, and long folders page by page. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SearchApiTest {
    private static final String SEARCH = "/api/campanile/v1/search";
    private ObjectsFixture workspace;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        workspace = new ObjectsFixture(dataDir);
        workspace.api(ALICE).mkdirs(HOME + "/Überblick 2024");
        workspace.api(ALICE).mkdirs(HOME + "/Mein Überblick");
        workspace.api(ALICE).mkdirs(HOME + "/100% sure_");
        workspace.api(BOB).mkdirs("/Shared/uberblick of bob");
        workspace.api(BOB).mkdirs("/Users/bob@example.com/Überblick of bob alone");
        workspace.importContent(ALICE, HOME + "/CAFÉ.txt", new byte[] {1}, ImportFormat.AUTO);
    }

    @AfterAll
    void stop() {
        workspace.close();
    }

    @Test
    void accentsAndCapitalsDoNotMatterAndBeginningsComeFirst() throws Exception {
        assertThat(names(ALICE, "uberBLICK")).containsExactly("Überblick 2024", "uberblick of bob", "Mein Überblick");
        assertThat(names(ALICE, "cafe\u0301.")).containsExactly("CAFÉ.txt");
        assertThat(names(ALICE, "berblick")).hasSize(3);
        assertThat(names(ALICE, "100% S")).containsExactly("100% sure_");
        assertThat(names(ALICE, "%")).containsExactly("100% sure_");
        assertThat(names(ALICE, "_")).containsExactly("100% sure_");
        assertThat(names(ALICE, "\\")).isEmpty();
        assertThat(names(ALICE, "e.t")).containsExactly("CAFÉ.txt");
    }

    @Test
    void onlyWhatTheCallerMayReadIsFound() throws Exception {
        assertThat(names(BOB, "uberblick")).containsExactly("uberblick of bob", "Überblick of bob alone");
        assertThat(names(ADMIN, "uberblick")).hasSize(4);
        assertThat(names(STRANGER, "uberblick")).isEmpty();
    }

    @Test
    void whatIsThrownAwayIsNotFoundNorWhatIsInIt() throws Exception {
        workspace.api(ALICE).mkdirs(HOME + "/thrown/inside-of-thrown");
        assertThat(names(ALICE, "thrown")).containsExactly("thrown", "inside-of-thrown");

        workspace.post(ALICE, OBJECTS + "/" + workspace.id(ALICE, HOME + "/thrown") + "/trash", "{}");

        assertThat(names(ALICE, "thrown")).isEmpty();
    }

    @Test
    void aTypeAndALimitAreKeptToAndPagesGoOn() throws Exception {
        for (int i = 0; i < 7; i++) {
            workspace.api(ALICE).mkdirs(HOME + "/paged " + i);
            workspace.importContent(ALICE, HOME + "/in the paged " + i, new byte[] {1}, ImportFormat.RAW);
        }

        List<String> found = new ArrayList<>();
        String token = "";
        int pages = 0;
        do {
            JsonNode page = ok(ALICE, SEARCH + "?q=paged&limit=3&page_token=" + token);
            found.addAll(page.path("objects").findValuesAsText("name"));
            token = page.path("next_page_token").asText();
            pages++;
        } while (!token.isEmpty());

        assertThat(found).hasSize(14).doesNotHaveDuplicates();
        assertThat(found.subList(0, 7)).allMatch(name -> name.startsWith("paged"));
        assertThat(pages).isGreaterThanOrEqualTo(5);
        assertThat(ok(ALICE, SEARCH + "?q=paged&type=FILE").path("objects").findValuesAsText("object_type"))
                .hasSize(7)
                .containsOnly("FILE");
    }

    @Test
    void badQuestionsAreRefusedByField() throws Exception {
        refused(SEARCH, "q");
        refused(SEARCH + "?q=", "q");
        refused(SEARCH + "?q=%20", "q");
        refused(SEARCH + "?q=" + "x".repeat(300), "q");
        refused(SEARCH + "?q=a&type=CAT", "type");
        refused(SEARCH + "?q=a&limit=0", "limit");
        refused(SEARCH + "?q=a&limit=many", "limit");
        refused(SEARCH + "?q=a&page_token=!", "page_token");
        refused(SEARCH + "?q=a&page_token=YWJj", "page_token");
        refused(OBJECTS + "?page_token=!", "page_token");
        refused(OBJECTS + "?limit=-1", "limit");
    }

    @Test
    void aFolderIsListedPageByPageFoldersFirst() throws Exception {
        String folder = HOME + "/long";
        for (int i = 0; i < 5; i++) {
            workspace.api(ALICE).mkdirs(folder + "/folder " + i);
            workspace.importContent(ALICE, folder + "/file " + i, new byte[] {1}, ImportFormat.RAW);
        }
        long id = workspace.id(ALICE, folder);

        List<String> listed = new ArrayList<>();
        String token = "";
        do {
            JsonNode page = ok(ALICE, OBJECTS + "?parent_id=" + id + "&limit=3&page_token=" + token);
            assertThat(page.path("objects").size()).isLessThanOrEqualTo(3);
            assertThat(page.path("ancestors").findValuesAsText("name")).endsWith("long");
            listed.addAll(page.path("objects").findValuesAsText("name"));
            token = page.path("next_page_token").asText();
        } while (!token.isEmpty());

        assertThat(listed)
                .containsExactly(
                        "folder 0",
                        "folder 1",
                        "folder 2",
                        "folder 3",
                        "folder 4",
                        "file 0",
                        "file 1",
                        "file 2",
                        "file 3",
                        "file 4");
        assertThat(workspace.paths(ALICE, folder)).hasSize(10);
    }

    @Test
    void aNameIsTheSameInEitherUnicodeForm() {
        workspace.api(ALICE).mkdirs(HOME + "/cafe\u0301-folder");

        assertThat(workspace.id(ALICE, HOME + "/caf\u00e9-folder"))
                .isEqualTo(workspace.id(ALICE, HOME + "/cafe\u0301-folder"));
        assertThat(workspace.paths(ALICE, HOME)).contains(HOME + "/caf\u00e9-folder");
    }

    private List<String> names(Caller caller, String query) throws Exception {
        return ok(caller, SEARCH + "?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .path("objects")
                .findValuesAsText("name");
    }

    private JsonNode ok(Caller caller, String path) throws Exception {
        var answer = workspace.get(caller, path);
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
        return json(answer);
    }

    private void refused(String path, String field) throws Exception {
        var answer = workspace.get(ALICE, path);
        assertThat(answer.statusCode()).as(text(answer)).isEqualTo(400);
        assertThat(json(answer).path("message").asText()).contains(field);
    }
}
