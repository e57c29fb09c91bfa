package io.campanile.notebooks.documents;

import static io.campanile.notebooks.documents.HistoryFixture.ALICE;
import static io.campanile.notebooks.documents.HistoryFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HistoryTest {
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
    void changesWithShortPausesAreOneEntryThatSaysWhatCameOfThem() throws Exception {
        service.notebook(1);
        service.insert(ALICE, 1, "a", "B", "one");
        service.insert(ALICE, 1, "b", "D", "two");
        service.pass(Duration.ofMinutes(4));
        service.text(ALICE, 1, "a", "one and more");
        service.insert(ALICE, 1, "gone", "F", "");
        service.edit(ALICE, 1, "{'kind':'delete','cell':'gone'}");
        service.pass(Duration.ofMinutes(5));
        service.text(ALICE, 1, "b", "two!");
        service.text(ALICE, 1, "b", "two!!");
        service.edit(ALICE, 1, "{'kind':'move','cell':'a','pos':'E'}");
        service.edit(BOB, 1, "{'kind':'meta','cell':'b','key':'collapsed_output','val':true}");
        service.edit(BOB, 1, "{'kind':'delete','cell':'a'}");
        service.edit(BOB, 1, "{'kind':'language','lang':'SQL'}");

        List<JsonNode> entries = service.entries(1, 50);

        assertThat(entries)
                .extracting(HistoryTest::told)
                .containsExactly(
                        "9-11 bob@example.com +0 -1 ~0 >0 *1 language",
                        "6-8 alice@example.com +0 -0 ~1 >1 *0",
                        "1-5 alice@example.com +2 -0 ~0 >0 *0");
    }

    @Test
    void aLogOfTenThousandOperationsIsReadPageByPageAndGoneThroughOnce() throws Exception {
        service.notebook(2);
        service.insert(ALICE, 2, "a", "B", "");
        for (int block = 0; block < 100; block++) {
            type(2, 100);
            service.pass(Duration.ofMinutes(6));
        }

        long began = System.nanoTime();
        List<JsonNode> first = service.entries(2, 30);
        long gathered = System.nanoTime();
        JsonNode page = service.history.page(ALICE, 2, Long.MAX_VALUE, 50);
        long again = System.nanoTime();

        System.out.printf(
                "history of 10,001 operations: first look %d ms, later %d ms%n",
                (gathered - began) / 1_000_000, (again - gathered) / 1_000_000);
        assertThat(first).hasSize(100);
        assertThat(revisions(first))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 10_001).boxed().toList());
        assertThat(page.path("entries")).hasSize(50);
        assertThat(service.count("select count(*) from notebook_history where notebook_id = 2"))
                .isEqualTo(99);
        // Whoever looks later does not go through the old operations again: they could say anything.
        service.database
                .acrossWorkspaces("a test")
                .execute("update notebook_op set kind = 'delete' where notebook_id = 2 and revision < 5000");
        assertThat(service.entries(2, 200)).isEqualTo(first);
    }

    @Test
    void aLogOfAHundredThousandOperationsIsGatheredInRounds() {
        service.notebook(6);
        service.database
                .acrossWorkspaces("a test")
                .execute("insert into notebook_op (workspace_id, notebook_id, revision, cid, seq, actor, at, kind,"
                        + " cell_id, op) select 1, 6, n, 'seed', n, 'alice@example.com', timestamptz '2026-01-01"
                        + " 00:00:00Z' + (n / 90) * interval '10 minutes', 'text', 'c' || n % 7, '{}' from"
                        + " generate_series(1, 100000) n");
        service.database
                .acrossWorkspaces("a test")
                .execute("update notebook set revision = 100000 where notebook_id = 6");

        long began = System.nanoTime();
        JsonNode first = service.history.page(ALICE, 6, Long.MAX_VALUE, 50);
        long gathered = System.nanoTime();
        JsonNode later = service.history.page(ALICE, 6, Long.MAX_VALUE, 50);
        long again = System.nanoTime();

        System.out.printf(
                "history of 100,000 operations: first look %d ms, later %d ms%n",
                (gathered - began) / 1_000_000, (again - gathered) / 1_000_000);
        assertThat(later).isEqualTo(first);
        assertThat(first.path("entries").get(1).path("edited").asInt()).isEqualTo(7);
        assertThat(revisions(service.entries(6, 200)))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 100_000).boxed().toList());
        assertThat(service.count("select count(*) from notebook_history where notebook_id = 6"))
                .isEqualTo(1_111);
    }

    @Test
    void anEntryWithoutAPauseEndsByItself() throws Exception {
        service.notebook(3);
        service.insert(ALICE, 3, "a", "B", "");
        type(3, 10_200);

        List<JsonNode> entries = service.entries(3, 50);

        assertThat(entries)
                .extracting(entry -> entry.path("revision").asLong())
                .containsExactly(10_201L, 10_000L, 5_000L);
    }

    @Test
    void manyWhoLookAtOnceSeeTheSame() throws Exception {
        service.notebook(4);
        service.insert(ALICE, 4, "a", "B", "");
        for (int block = 0; block < 30; block++) {
            type(4, 10);
            service.pass(Duration.ofMinutes(6));
        }
        ExecutorService readers = Executors.newFixedThreadPool(8);

        List<Future<List<JsonNode>>> seen = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            seen.add(readers.submit(() -> service.entries(4, 7)));
        }

        List<JsonNode> expected = seen.get(0).get(60, TimeUnit.SECONDS);
        assertThat(expected).hasSize(30);
        for (Future<List<JsonNode>> one : seen) {
            assertThat(one.get(60, TimeUnit.SECONDS)).isEqualTo(expected);
        }
        readers.shutdownNow();
    }

    @Test
    void aDifferenceNamesWhatWasAddedRemovedMovedAndChanged() throws Exception {
        service.notebook(5);
        service.insert(ALICE, 5, "a", "B", "a");
        service.insert(ALICE, 5, "m", "C", "moved");
        service.insert(ALICE, 5, "r", "D", "removed");
        service.insert(ALICE, 5, "b", "E", "b");
        long from = service.insert(ALICE, 5, "c", "F", "c");
        service.edit(ALICE, 5, "{'kind':'move','cell':'m','pos':'Z'}");
        service.edit(ALICE, 5, "{'kind':'delete','cell':'r'}");
        service.text(ALICE, 5, "b", "b changed");
        service.edit(ALICE, 5, "{'kind':'type','cell':'c','type':'markdown','lang':'MARKDOWN'}");
        service.insert(ALICE, 5, "n", "A", "new");

        JsonNode diff = service.history.diff(ALICE, 5, from, null);

        assertThat(diff.path("cells"))
                .extracting(cell ->
                        cell.path("cell").asText() + " " + cell.path("change").asText() + cell.path("fields")
                                + (cell.path("moved").asBoolean() ? " moved" : ""))
                .containsExactly(
                        "n added",
                        "a unchanged",
                        "r removed",
                        "b changed[\"source\"]",
                        "c changed[\"language\"]",
                        "m moved[] moved");
        JsonNode changed = diff.path("cells").get(3);
        assertThat(changed.path("before").path("src").asText()).isEqualTo("b");
        assertThat(changed.path("after").path("src").asText()).isEqualTo("b changed");
        assertThat(changed.path("before").path("place").asInt()).isEqualTo(4);
        assertThat(diff.path("to").asLong()).isEqualTo(10);
    }

    /** Types single characters at the end of cell a, many on their way at once as a fast tab has them. */
    private void type(long notebook, int characters) throws Exception {
        Cell cell = service.cell(notebook, "a");
        long base = service.documents.read(1, notebook).orElseThrow().revision();
        int length = cell.src().length();
        List<CompletableFuture<OpResult>> sent = new ArrayList<>();
        for (int i = 0; i < characters; i++) {
            String kept = length + i == 0 ? "" : (length + i) + ",";
            sent.add(service.send(
                    ALICE,
                    notebook,
                    base + i,
                    "{'kind':'text','cell':'a','ver':" + (cell.ver() + i) + ",'changes':[" + kept + "[0,'x']]}"));
            if (sent.size() % 1_000 == 0) {
                sent.get(sent.size() - 1).get(60, TimeUnit.SECONDS);
            }
        }
        for (CompletableFuture<OpResult> one : sent) {
            assertThat(one.get(60, TimeUnit.SECONDS)).isInstanceOf(OpResult.Acknowledged.class);
        }
    }

    private static List<Long> revisions(List<JsonNode> entries) {
        List<Long> out = new ArrayList<>();
        for (int i = entries.size() - 1; i >= 0; i--) {
            LongStream.rangeClosed(
                            entries.get(i).path("first_revision").asLong(),
                            entries.get(i).path("revision").asLong())
                    .forEach(out::add);
        }
        return out;
    }

    private static String told(JsonNode entry) {
        return entry.path("first_revision") + "-" + entry.path("revision") + " "
                + entry.path("actor").asText() + " +" + entry.path("added") + " -" + entry.path("removed") + " ~"
                + entry.path("edited") + " >" + entry.path("moved") + " *" + entry.path("settings")
                + (entry.path("replaced").asBoolean() ? " replaced" : "")
                + (entry.path("language").asBoolean() ? " language" : "")
                + (entry.has("restored") ? " restored " + entry.path("restored").path("revision") : "");
    }
}
