package io.campanile.workspace.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.testing.TestDatabase;
import io.campanile.workspace.RecordedNotebooks;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Notebook;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The stores on a real database: tenants, races, and what a crash leaves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TreeStoreTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final Notebook CONTENT = new Notebook(Language.SQL, List.of());
    private static final long OTHER = 999;

    private final RecordedNotebooks documents = new RecordedNotebooks();
    private final Vertx vertx = Vertx.vertx();
    private final Blocking blocking = new Blocking(vertx, "tests", 2, 10);
    private Database database;
    private ObjectStore store;
    private TrashStore trash;
    private DeletionStore deletions;
    private VisitStore visits;
    private long workspaces;

    @BeforeAll
    void start() {
        database = Database.open(TestDatabase.create(), "workspace", "workspace");
        store = new ObjectStore(database);
        trash = new TrashStore(database);
        deletions = new DeletionStore(database);
        visits = new VisitStore(database);
    }

    @AfterAll
    void stop() {
        database.close();
        vertx.close();
    }

    @Test
    void noStoreMethodReachesAnotherWorkspace() {
        long ours = workspace();
        long root = store.root(ours).orElseThrow().objectId();
        long folder = directory(ours, root, "folder");
        long home = store.nextId();
        store.insert(
                new WorkspaceObject(ours, home, root, "home", ObjectType.DIRECTORY, null, 7L, NOW, NOW, null, null));
        long notebook = notebook(ours, folder, "notebook");
        visits.visited(ours, 7, notebook, NOW);
        visits.reserve(ours, 7, notebook);
        Caller stranger = caller(OTHER);
        store.ensureRoots(OTHER, NOW);

        assertThat(store.child(OTHER, root, "folder")).isEmpty();
        assertThat(store.walk(OTHER, List.of("folder", "notebook")))
                .extracting(WorkspaceObject::workspaceId)
                .containsExactly(OTHER);
        assertThat(store.walk(ours, List.of("folder", "notebook", "nothing")))
                .extracting(WorkspaceObject::objectId)
                .containsExactly(root, folder, notebook);
        assertThat(store.children(OTHER, root)).isEmpty();
        assertThat(store.locate(OTHER, notebook)).isEmpty();
        assertThat(store.home(OTHER, 7)).isEmpty();
        assertThat(store.claimHome(OTHER, folder, 7)).isFalse();
        assertThat(store.insert(WorkspaceObject.directory(OTHER, store.nextId(), folder, "x", NOW)))
                .isEqualTo(ObjectStore.Placed.NO_PARENT);
        store.touch(OTHER, notebook, NOW.plusSeconds(9), Language.R);
        assertThat(trash.move(stranger, notebook, root, "moved")).isEqualTo(ObjectStore.Placed.NO_PARENT);
        long theirs = store.root(OTHER).orElseThrow().objectId();
        trash.move(stranger, notebook, theirs, "moved");
        trash.trash(stranger, folder, NOW);
        assertThat(trash.trashed(OTHER)).isEmpty();
        trash.restore(stranger, folder, theirs, "restored");
        assertThat(trash.remove(stranger, folder, true, NOW)).isEqualTo(TrashStore.Removed.GONE);
        assertThat(visits.recent(OTHER, 7, 10)).isEmpty();
        assertThat(visits.first(OTHER, 7)).isEmpty();
        deletions.done(OTHER, notebook);

        Located untouched = store.locate(ours, notebook).orElseThrow();
        assertThat(untouched.path().toString()).isEqualTo("/folder/notebook");
        assertThat(untouched.object().language()).isEqualTo(Language.SQL);
        assertThat(untouched.object().modifiedAt()).isEqualTo(NOW);
        assertThat(store.children(ours, folder)).hasSize(1);
        assertThat(visits.recent(ours, 7, 10)).containsExactly(notebook);
    }

    @Test
    void oneOfManyConcurrentCreationsOfANameWins() throws Exception {
        long workspace = workspace();
        long root = store.root(workspace).orElseThrow().objectId();

        List<ObjectStore.Placed> placed = together(
                8, () -> store.insert(WorkspaceObject.directory(workspace, store.nextId(), root, "same", NOW)));

        assertThat(placed).containsOnlyOnce(ObjectStore.Placed.DONE);
        assertThat(store.children(workspace, root))
                .filteredOn(child -> child.name().equals("same"))
                .hasSize(1);
    }

    @Test
    void twoMovesNeverMakeARing() throws Exception {
        long workspace = workspace();
        long root = store.root(workspace).orElseThrow().objectId();
        for (int round = 0; round < 25; round++) {
            long a = directory(workspace, root, "a" + round);
            long b = directory(workspace, root, "b" + round);
            List<Callable<ObjectStore.Placed>> moves = List.of(
                    () -> trash.move(caller(workspace), a, b, "moved"),
                    () -> trash.move(caller(workspace), b, a, "moved"));

            List<ObjectStore.Placed> placed = together(moves);

            assertThat(placed).containsExactlyInAnyOrder(ObjectStore.Placed.DONE, ObjectStore.Placed.NO_PARENT);
            assertThat(store.locate(workspace, a).orElseThrow().chain().get(0).objectId())
                    .isEqualTo(root);
        }
    }

    @Test
    void nothingAppearsInAFolderThatIsBeingThrownAway() throws Exception {
        long workspace = workspace();
        long root = store.root(workspace).orElseThrow().objectId();
        for (int round = 0; round < 25; round++) {
            long folder = directory(workspace, root, "f" + round);
            long child = store.nextId();
            List<Callable<Object>> calls = List.of(
                    () -> store.insert(WorkspaceObject.directory(workspace, child, folder, "late", NOW)), () -> {
                        trash.trash(caller(workspace), folder, NOW);
                        return true;
                    });

            together(calls);

            store.locate(workspace, child)
                    .ifPresent(late -> assertThat(late.isLive()).isFalse());
        }
    }

    @Test
    void aCrashBetweenDocumentAndEntryLeavesNeither() {
        long workspace = workspace();
        Caller caller = caller(workspace);
        long objectId = store.nextId();
        deletions.intend(caller, objectId, NOW.plusSeconds(900));
        documents.put(caller, objectId, CONTENT, false);
        // The process dies here: no entry, and the note is still there.

        try (DocumentDeletions early = loop(NOW);
                DocumentDeletions late = loop(NOW.plusSeconds(901))) {
            assertThat(early.round()).isZero();
            assertThat(documents.documents).containsKey(RecordedNotebooks.key(workspace, objectId));
            assertThat(late.round()).isEqualTo(1);
        }

        assertThat(documents.documents).doesNotContainKey(RecordedNotebooks.key(workspace, objectId));
        assertThat(store.locate(workspace, objectId)).isEmpty();
    }

    @Test
    void aCreationThatFailsLeavesNoDocumentAndOneThatCameTooLateNoEntry() {
        long workspace = workspace();
        Caller caller = caller(workspace);
        Located root = new Located(List.of(store.root(workspace).orElseThrow()));
        directory(workspace, root.object().objectId(), "taken");
        NotebookEntries entries = new NotebookEntries(store, deletions, visits, documents, fixed(NOW));

        assertThatThrownBy(() -> entries.create(caller, root, List.of("taken"), CONTENT))
                .isInstanceOf(ApiException.class);

        assertThat(documents.documents.keySet()).anyMatch(key -> key.startsWith(workspace + "/"));
        try (DocumentDeletions loop = loop(NOW)) {
            assertThat(loop.round()).isEqualTo(1);
        }
        assertThat(documents.documents.keySet()).noneMatch(key -> key.startsWith(workspace + "/"));
        Located made = entries.create(caller, root, List.of("taken", "free"), CONTENT);
        assertThat(made.path().toString()).isEqualTo("/free");
        long reclaimed = store.nextId();
        deletions.intend(caller, reclaimed, NOW);
        deletions.claim(NOW, Duration.ofMinutes(1), 100);
        assertThat(store.<Boolean>inTransaction(tx -> DeletionStore.settle(tx, workspace, reclaimed)))
                .isFalse();
        deletions.done(workspace, reclaimed);
    }

    @Test
    void deletionsAreToldAgainUntilTheyAreHeard() {
        long workspace = workspace();
        Caller caller = caller(workspace);
        Located root = new Located(List.of(store.root(workspace).orElseThrow()));
        NotebookEntries entries = new NotebookEntries(store, deletions, visits, documents, fixed(NOW));
        Located made = entries.create(caller, root, List.of("n"), CONTENT);
        String document = RecordedNotebooks.key(workspace, made.object().objectId());
        assertThat(trash.remove(caller, made.object().objectId(), false, NOW)).isEqualTo(TrashStore.Removed.DONE);

        documents.away = true;
        try (DocumentDeletions loop = loop(NOW)) {
            assertThat(loop.round()).isZero();
        }
        documents.away = false;
        try (DocumentDeletions soon = loop(NOW);
                DocumentDeletions later = loop(NOW.plusSeconds(5))) {
            assertThat(soon.round()).isZero();
            assertThat(documents.documents).containsKey(document);
            assertThat(later.round()).isEqualTo(1);
        }

        assertThat(documents.documents).doesNotContainKey(document);
    }

    @Test
    void theTrashGivesUpAfterThirtyDays() {
        long workspace = workspace();
        long root = store.root(workspace).orElseThrow().objectId();
        long folder = directory(workspace, root, "old");
        long notebook = notebook(workspace, folder, "n");
        documents.put(caller(workspace), notebook, CONTENT, false);
        trash.trash(caller(workspace), folder, NOW);

        try (DocumentDeletions before = loop(NOW.plus(29, ChronoUnit.DAYS))) {
            before.round();
            assertThat(store.locate(workspace, notebook)).isPresent();
        }
        try (DocumentDeletions after = loop(NOW.plus(31, ChronoUnit.DAYS))) {
            after.round();
        }

        assertThat(store.locate(workspace, folder)).isEmpty();
        assertThat(store.locate(workspace, notebook)).isEmpty();
        assertThat(documents.documents).doesNotContainKey(RecordedNotebooks.key(workspace, notebook));
    }

    /** A loop that never ticks by itself: its clock stands, and the tests call its rounds. */
    private DocumentDeletions loop(Instant now) {
        return new DocumentDeletions(vertx, blocking, deletions, trash, documents, fixed(now), 3_600_000);
    }

    private long workspace() {
        long id = ++workspaces;
        store.ensureRoots(id, NOW);
        return id;
    }

    private long directory(long workspace, long parent, String name) {
        long id = store.nextId();
        assertThat(store.insert(WorkspaceObject.directory(workspace, id, parent, name, NOW)))
                .isEqualTo(ObjectStore.Placed.DONE);
        return id;
    }

    private long notebook(long workspace, long parent, String name) {
        long id = store.nextId();
        assertThat(store.insert(WorkspaceObject.notebook(workspace, id, parent, name, Language.SQL, NOW)))
                .isEqualTo(ObjectStore.Placed.DONE);
        return id;
    }

    private static Caller caller(long workspace) {
        return new Caller(workspace, 7, "alice@example.com", true, null, "request-1");
    }

    private static Clock fixed(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    private static <T> List<T> together(int times, Callable<T> call) throws Exception {
        return together(java.util.Collections.nCopies(times, call));
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }
}
