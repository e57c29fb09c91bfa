package io.campanile.notebooks.documents;

import static io.campanile.notebooks.documents.HistoryFixture.ALICE;
import static io.campanile.notebooks.documents.HistoryFixture.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RestoreTest {
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
    void everythingComesBackAsSmallOperationsAndTheRestoreIsUndoneByAnother() throws Exception {
        long then = threeCells(1);
        service.text(ALICE, 1, "a", "one\nTWO\nthree");
        service.edit(ALICE, 1, "{'kind':'delete','cell':'b'}");
        service.edit(ALICE, 1, "{'kind':'move','cell':'c','pos':'A'}");
        service.edit(ALICE, 1, "{'kind':'meta','cell':'c','key':'title','val':'Other'}");
        service.edit(ALICE, 1, "{'kind':'type','cell':'a','type':'markdown','lang':'MARKDOWN'}");
        service.insert(ALICE, 1, "d", "H", "new");
        long before = service.edit(ALICE, 1, "{'kind':'language','lang':'SQL'}");
        service.committed.clear();

        Restored done = service.history.restore(ALICE, 1, then, "first");

        assertThat(done.before()).isEqualTo(before);
        assertThat(service.content(1, done.after())).isEqualTo(service.content(1, then));
        assertThat(service.documents.read(1, 1).orElseThrow().language()).isEqualTo("JAVA");
        assertThat(service.committed)
                .extracting(event -> event.op().path("kind").asText())
                .containsExactlyInAnyOrder("delete", "restore", "text", "type", "move", "meta", "language");
        Restored undone = service.history.restore(ALICE, 1, done.before(), "second");
        assertThat(service.content(1, undone.after())).isEqualTo(service.content(1, before));
        assertThat(service.entries(1, 10))
                .extracting(entry -> entry.path("restored").path("revision").asLong())
                .containsExactly(before, then, 0L);
    }

    @Test
    void theSameRequestIsAnsweredAndNotDoneAgain() throws Exception {
        long then = threeCells(2);
        service.text(ALICE, 2, "a", "changed");

        Restored first = service.history.restore(ALICE, 2, then, "again");
        service.text(ALICE, 2, "a", "changed after it");
        Restored second = service.history.restore(ALICE, 2, then, "again");

        assertThat(second).isEqualTo(first);
        assertThat(service.cell(2, "a").src()).isEqualTo("changed after it");
        assertThatThrownBy(() -> service.history.restore(ALICE, 2, 1, "again"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_CONFLICT));
        assertThat(service.count("select count(*) from audit_event where resource = 'notebook/2'"))
                .isEqualTo(1);
    }

    @Test
    void whatItIsAlreadyMakesNoOperation() throws Exception {
        long then = threeCells(3);

        Restored done = service.history.restore(ALICE, 3, then, "nothing");

        assertThat(done.after()).isEqualTo(then);
        assertThat(service.entries(3, 10)).hasSize(1);
    }

    @Test
    void anEditOnItsWayIsRebasedOverTheRestore() throws Exception {
        long then = threeCells(4);
        long seen = service.text(ALICE, 4, "a", "ONE\ntwo\nthree");
        long ver = service.cell(4, "a").ver();

        service.history.restore(ALICE, 4, then, "rebase");
        // Bob typed at the end of the third line before he heard of the restore.
        OpResult result = service.send(
                        BOB, 4, seen, "{'kind':'text','cell':'a','ver':" + ver + ",'changes':[13,[0,'!']]}")
                .get(60, TimeUnit.SECONDS);

        assertThat(result).isInstanceOf(OpResult.Acknowledged.class);
        assertThat(service.cell(4, "a").src()).isEqualTo("one\ntwo\nthree!");
    }

    @Test
    void anEditOfACellThatARestoreTookAwayIsKeptInANewCell() throws Exception {
        long then = threeCells(5);
        long seen = service.insert(ALICE, 5, "d", "H", "later");

        service.history.restore(ALICE, 5, then, "away");
        OpResult result = service.send(BOB, 5, seen, "{'kind':'text','cell':'d','ver':0,'changes':[5,[0,' and more']]}")
                .get(60, TimeUnit.SECONDS);

        assertThat(result).isInstanceOf(OpResult.Refused.class);
        assertThat(service.sources(5)).anyMatch(cell -> cell.endsWith(":later and more"));
    }

    @Test
    void restoresAmongConcurrentEditsLoseNoAcknowledgedOperation() throws Exception {
        long then = threeCells(6);
        ExecutorService writers = Executors.newFixedThreadPool(4);
        List<Future<List<Long>>> acknowledged = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            String name = "w" + writer;
            acknowledged.add(writers.submit(() -> write(6, name, 60)));
        }

        List<Restored> restores = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            restores.add(service.history.restore(ALICE, 6, then, "among-" + i));
        }

        List<Long> revisions = new ArrayList<>();
        for (Future<List<Long>> one : acknowledged) {
            revisions.addAll(one.get(120, TimeUnit.SECONDS));
        }
        writers.shutdownNow();
        assertThat(revisions).doesNotHaveDuplicates();
        for (Restored restored : restores) {
            assertThat(service.content(6, restored.after())).isEqualTo(service.content(6, then));
        }
        // The log alone makes the document: nothing was written beside it, nothing is missing in it.
        NotebookDocument document = service.documents.read(1, 6).orElseThrow();
        assertThat(service.count("select count(*) from notebook_op where notebook_id = 6"))
                .isEqualTo(document.revision());
        DocumentState replayed = new DocumentState("JAVA", 0);
        service.database
                .inTransaction(tx -> new OpStore().between(tx, new NotebookKey(1, 6), 0, document.revision()))
                .forEach(logged -> replayed.commit(logged.op()));
        assertThat(replayed.liveInOrder()).isEqualTo(document.cells());
        assertThat(service.committed.stream().map(OpEvent::rev).toList()).containsAll(revisions);
    }

    /** Appends to cell a from what was seen last, which is often old. */
    private List<Long> write(long notebook, String name, int count) throws Exception {
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            NotebookDocument seen = service.documents.read(1, notebook).orElseThrow();
            Cell cell = seen.cells().get(0);
            OpResult result = service.send(
                            BOB,
                            notebook,
                            seen.revision(),
                            "{'kind':'text','cell':'" + cell.id() + "','ver':" + cell.ver() + ",'changes':["
                                    + cell.src().length() + ",[0,'','" + name + i + "']]}")
                    .get(60, TimeUnit.SECONDS);
            revisions.add(((OpResult.Acknowledged) result).rev());
        }
        return revisions;
    }

    @Test
    void aLargeRestoreIsOneOperation() throws Exception {
        service.notebook(7);
        List<CompletableFuture<OpResult>> sent = new ArrayList<>();
        for (String pos : Positions.spread(600)) {
            sent.add(service.send(
                    ALICE,
                    7,
                    0,
                    "{'kind':'insert','cell':'c" + pos + "','type':'code','pos':'" + pos + "','src':'text'}"));
        }
        for (CompletableFuture<OpResult> one : sent) {
            one.get(60, TimeUnit.SECONDS);
        }

        Restored emptied = service.history.restore(ALICE, 7, 0, "all");
        Restored full = service.history.restore(ALICE, 7, 600, "back");

        assertThat(emptied.after()).isEqualTo(601);
        assertThat(service.content(7, 601)).isEmpty();
        assertThat(full.after()).isEqualTo(602);
        assertThat(service.content(7, 602)).isEqualTo(service.content(7, 600));
    }

    @Test
    void aRestoreWhoseConnectionIsKilledBetweenItsOperationsLeavesNothingAndCanBeAskedAgain() throws Exception {
        long then = threeCells(8);
        service.text(ALICE, 8, "a", "changed");
        service.edit(ALICE, 8, "{'kind':'delete','cell':'b'}");
        long before = service.edit(ALICE, 8, "{'kind':'move','cell':'c','pos':'A'}");
        var context = service.database.acrossWorkspaces("a test");
        context.execute("create function stall() returns trigger language plpgsql as $$ begin"
                + " if new.notebook_id = 8 and new.revision = " + (before + 2)
                + " then perform pg_sleep(120); end if; return new; end $$");
        context.execute("create trigger stall before insert on notebook_op for each row execute function stall()");

        CompletableFuture<Restored> asked =
                CompletableFuture.supplyAsync(() -> service.history.restore(ALICE, 8, then, "killed"));
        await().until(() -> service.count(sleeping("count(*)")) == 1);
        context.execute(sleeping("pg_terminate_backend(pid)"));

        assertThatThrownBy(() -> asked.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(ApiException.class);
        assertThat(service.count("select max(revision) from notebook_op where notebook_id = 8"))
                .isEqualTo(before);
        assertThat(service.content(8, before)).hasSize(2);
        assertThat(service.count("select count(*) from notebook_restore where notebook_id = 8"))
                .isZero();
        context.execute("drop trigger stall on notebook_op");
        context.execute("drop function stall()");
        Restored done = service.history.restore(ALICE, 8, then, "killed");
        assertThat(service.content(8, done.after())).isEqualTo(service.content(8, then));
        JsonNode newest = service.entries(8, 10).get(0);
        assertThat(newest.path("first_revision").asLong()).isEqualTo(before + 1);
    }

    private static String sleeping(String what) {
        return "select " + what
                + " from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
    }

    private long threeCells(long notebook) throws Exception {
        service.notebook(notebook);
        service.insert(ALICE, notebook, "a", "B", "one\ntwo\nthree");
        service.insert(ALICE, notebook, "b", "D", "second");
        service.insert(ALICE, notebook, "c", "F", "third");
        return service.edit(ALICE, notebook, "{'kind':'meta','cell':'c','key':'title','val':'Third'}");
    }
}
