package io.campanile.notebooks.documents;

import static io.campanile.notebooks.documents.HistoryFixture.ALICE;
import static io.campanile.notebooks.documents.HistoryFixture.BOB;
import static io.campanile.notebooks.documents.HistoryFixture.EVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.DatabricksError;
import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.auth.Caller;
import io.campanile.notebooks.access.Permission;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The wire of the history as databricks-sdk-java calls it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HistoryApiTest {
    private static final List<String> LOOKS = List.of("/history", "/revisions/0", "/diff?from=0", "/versions");
    private HistoryFixture service;

    @BeforeAll
    void start(@TempDir Path dataDir) throws Exception {
        service = new HistoryFixture(dataDir);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void aNotebookIsLookedAtComparedNamedAndRestored() throws Exception {
        filled(1);

        JsonNode page = service.call(ALICE, "GET", "1/history?limit=1", null);
        JsonNode named = service.call(ALICE, "POST", "1/versions", "{'name':' Before the cut ','description':'kept'}");
        service.edit(ALICE, 1, "{'kind':'delete','cell':'b'}");
        JsonNode diff = service.call(ALICE, "GET", "1/diff?from=2&to=3", null);
        JsonNode restored = service.call(ALICE, "POST", "1/restore", "{'revision':2,'request_id':'r-1'}");

        assertThat(page.path("entries").get(0).path("added").asInt()).isEqualTo(2);
        assertThat(page.has("next_page_token")).isFalse();
        assertThat(named.path("name").asText()).isEqualTo("Before the cut");
        assertThat(named.path("revision").asLong()).isEqualTo(2);
        assertThat(diff.path("cells").get(1).path("change").asText()).isEqualTo("removed");
        assertThat(restored.path("before").asLong()).isEqualTo(3);
        assertThat(restored.path("revision").asLong()).isEqualTo(4);
        assertThat(service.call(ALICE, "GET", "1/revisions/3", null).path("cells"))
                .hasSize(1);
        assertThat(service.call(ALICE, "GET", "1/revisions/4", null).path("cells"))
                .hasSize(2);
        assertThat(service.call(ALICE, "GET", "1/versions", null).path("versions"))
                .containsExactly(named);
    }

    @Test
    void versionsAreRenamedAndLetGoAndEachChangeIsAudited() throws Exception {
        filled(2);
        long first = version(2, "{'name':'First','revision':1}");
        version(2, "{'name':'Second'}");

        JsonNode renamed = service.call(ALICE, "PATCH", "2/versions/" + first, "{'name':'Erste'}");
        JsonNode described = service.call(ALICE, "PATCH", "2/versions/" + first, "{'description':'of all'}");
        JsonNode same = service.call(ALICE, "PATCH", "2/versions/" + first, "{'name':'ERSTE'}");
        refused(
                () -> service.call(ALICE, "PATCH", "2/versions/" + first, "{'name':'second'}"),
                409,
                "RESOURCE_ALREADY_EXISTS");
        service.call(ALICE, "DELETE", "2/versions/" + first, null);

        assertThat(renamed.path("name").asText()).isEqualTo("Erste");
        assertThat(described.path("name").asText()).isEqualTo("Erste");
        assertThat(described.path("description").asText()).isEqualTo("of all");
        assertThat(same.path("name").asText()).isEqualTo("ERSTE");
        refused(() -> service.call(ALICE, "DELETE", "2/versions/" + first, null), 404, "RESOURCE_DOES_NOT_EXIST");
        refused(
                () -> service.call(ALICE, "PATCH", "2/versions/" + first, "{'name':'x'}"),
                404,
                "RESOURCE_DOES_NOT_EXIST");
        assertThat(service.database
                        .acrossWorkspaces("a test")
                        .fetch("select action from audit_event where resource like 'notebook/2/version/%' order by"
                                + " event_id")
                        .getValues(0, String.class))
                .containsExactly(
                        "notebooks.name",
                        "notebooks.name",
                        "notebooks.rename-version",
                        "notebooks.rename-version",
                        "notebooks.rename-version",
                        "notebooks.unname");
    }

    @Test
    void badInputIsRefusedByTheNameOfItsField() throws Exception {
        filled(3);
        version(3, "{'name':'Caf\u00e9'}");

        refused(() -> version(3, "{'name':'CAFE\u0301'}"), 409, "RESOURCE_ALREADY_EXISTS");
        refused(() -> version(3, "{}"), 400, "INVALID_PARAMETER_VALUE", "name");
        refused(() -> version(3, "{'name':'  '}"), 400, "INVALID_PARAMETER_VALUE", "name");
        refused(() -> version(3, "{'name':'a\\u0007'}"), 400, "INVALID_PARAMETER_VALUE", "name");
        refused(() -> version(3, "{'name':'" + "x".repeat(129) + "'}"), 400, "INVALID_PARAMETER_VALUE", "name");
        refused(
                () -> version(3, "{'name':'n','description':'" + "x".repeat(2001) + "'}"),
                400,
                "INVALID_PARAMETER_VALUE",
                "description");
        refused(() -> version(3, "{'name':'n','revision':3}"), 400, "INVALID_PARAMETER_VALUE", "revision");
        refused(() -> version(3, "{'name':'n','revision':-1}"), 400, "INVALID_PARAMETER_VALUE", "revision");
        refused(() -> get(3, "/history?limit=0"), 400, "INVALID_PARAMETER_VALUE", "limit");
        refused(() -> get(3, "/history?limit=201"), 400, "INVALID_PARAMETER_VALUE", "limit");
        refused(() -> get(3, "/history?page_token=x"), 400, "INVALID_PARAMETER_VALUE", "page_token");
        refused(() -> get(3, "/diff"), 400, "INVALID_PARAMETER_VALUE", "from");
        refused(() -> get(3, "/diff?from=9"), 404, "RESOURCE_DOES_NOT_EXIST", "from");
        refused(() -> get(3, "/diff?from=0&to=9"), 404, "RESOURCE_DOES_NOT_EXIST", "to");
        refused(() -> get(3, "/revisions/9"), 404, "RESOURCE_DOES_NOT_EXIST", "revision");
        refused(() -> restore(3, "{'revision':1}"), 400, "INVALID_PARAMETER_VALUE", "request_id");
        refused(() -> restore(3, "{'request_id':'a'}"), 400, "INVALID_PARAMETER_VALUE", "revision");
        refused(() -> restore(3, "{'revision':1,'request_id':'a b'}"), 400, "INVALID_PARAMETER_VALUE", "request_id");
        refused(() -> restore(3, "{'revision':9,'request_id':'a'}"), 404, "RESOURCE_DOES_NOT_EXIST", "revision");
        restore(3, "{'revision':1,'request_id':'taken'}");
        refused(() -> restore(3, "{'revision':2,'request_id':'taken'}"), 409, "RESOURCE_CONFLICT", "request_id");
    }

    @Test
    void whoMayReadLooksAndWhoMayEditNamesAndRestores() throws Exception {
        filled(4);
        service.share(4, Permission.CAN_RUN);

        for (String look : LOOKS) {
            assertThat(service.call(BOB, "GET", "4" + look, null)).isNotEmpty();
        }
        refusedChanges(BOB, 4, 403, "PERMISSION_DENIED");
        assertThat(service.count("select count(*) from audit_event where outcome = 'DENIED' and user_id = 8"))
                .isEqualTo(4);
        filled(5);
        service.share(5, Permission.CAN_EDIT);
        assertThat(service.call(BOB, "POST", "5/versions", "{'name':'of bob'}")
                        .path("created_by")
                        .asText())
                .isEqualTo("bob@example.com");
        service.call(BOB, "POST", "5/restore", "{'revision':1,'request_id':'bob'}");
        assertThat(service.cells(5)).hasSize(1);
    }

    @Test
    void nothingIsThereForAnotherWorkspace() throws Exception {
        filled(6);
        version(6, "{'name':'hidden'}");

        for (String look : LOOKS) {
            refused(() -> service.call(EVE, "GET", "6" + look, null), 404, "RESOURCE_DOES_NOT_EXIST");
        }
        refusedChanges(EVE, 6, 404, "RESOURCE_DOES_NOT_EXIST");
    }

    /** The stores themselves, past the check of who may: every statement names the workspace. */
    @Test
    void theStoresAnswerNothingForTheSameNumbersInAnotherWorkspace() throws Exception {
        filled(7);
        long version = version(7, "{'name':'ours'}");
        service.edit(ALICE, 7, "{'kind':'delete','cell':'b'}");
        service.history.restore(ALICE, 7, 2, "ours");
        service.entries(7, 10);
        service.documents.open(2, 7, "JAVA");
        NotebookKey ours = new NotebookKey(1, 7);
        NotebookKey theirs = new NotebookKey(2, 7);

        assertThat(service.history.page(EVE, 7, Long.MAX_VALUE, 10).path("entries"))
                .isEmpty();
        assertThat(service.versions.list(EVE, 7).path("versions")).isEmpty();
        service.database.transact(tx -> {
            HistoryStore store = new HistoryStore();
            VersionStore versions = new VersionStore();
            assertThat(store.gathered(tx, theirs)).isZero();
            assertThat(store.before(tx, theirs, Long.MAX_VALUE, 10)).isEmpty();
            assertThat(store.restoresAfter(tx, theirs, 0)).isEmpty();
            assertThat(store.restore(tx, theirs, "ours")).isEmpty();
            assertThat(store.restore(tx, ours, "ours")).isPresent();
            assertThat(versions.find(tx, theirs, version)).isEmpty();
            assertThat(versions.count(tx, theirs)).isZero();
            assertThat(versions.update(tx, theirs, version, new VersionStore.Name("x", "x"), ""))
                    .isFalse();
            assertThat(versions.delete(tx, theirs, version)).isFalse();
            assertThat(versions.find(tx, ours, version)).isPresent();
            assertThat(new OpStore().steps(tx, theirs, 0, 10)).isEmpty();
            assertThat(new OpStore().when(tx, theirs, 1)).isEmpty();
        });
    }

    @Test
    void aNotebookHasOnlySoManyVersionsAndTakesThemWithIt() throws Exception {
        filled(8);
        for (int i = 0; i < Versions.MOST; i++) {
            service.versions.create(ALICE, 8, "v" + i, null, null);
        }

        refused(() -> version(8, "{'name':'one more'}"), 400, "INVALID_STATE");
        service.documents.delete(1, 8);

        assertThat(service.count("select count(*) from notebook_version where notebook_id = 8"))
                .isZero();
    }

    private void refusedChanges(Caller caller, long notebook, int status, String code) {
        refused(() -> service.call(caller, "POST", notebook + "/versions", "{'name':'n'}"), status, code);
        refused(() -> service.call(caller, "PATCH", notebook + "/versions/1", "{'name':'n'}"), status, code);
        refused(() -> service.call(caller, "DELETE", notebook + "/versions/1", null), status, code);
        refused(
                () -> service.call(caller, "POST", notebook + "/restore", "{'revision':1,'request_id':'n'}"),
                status,
                code);
    }

    private long version(long notebook, String body) throws Exception {
        return service.call(ALICE, "POST", notebook + "/versions", body)
                .path("version_id")
                .asLong();
    }

    private JsonNode restore(long notebook, String body) throws Exception {
        return service.call(ALICE, "POST", notebook + "/restore", body);
    }

    private JsonNode get(long notebook, String rest) throws Exception {
        return service.call(ALICE, "GET", notebook + rest, null);
    }

    /** {@code status} as the SDK has it: it takes 409 for RESOURCE_ALREADY_EXISTS, whatever came. */
    private static void refused(ThrowingCallable call, int status, String code, String... words) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DatabricksError.class, error -> {
            assertThat(error.getErrorCode()).isEqualTo(code);
            assertThat(error.getStatusCode()).isEqualTo(status);
            assertThat(List.of(words))
                    .allSatisfy(word -> assertThat(error.getMessage()).contains(word));
        });
    }

    private void filled(long notebook) throws Exception {
        service.notebook(notebook);
        service.insert(ALICE, notebook, "a", "B", "one");
        service.insert(ALICE, notebook, "b", "D", "two");
    }
}
