package io.campanile.workspace.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import io.campanile.common.concurrent.Blocking;
import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
import io.campanile.workspace.RecordedNotebooks;
import io.campanile.workspace.blobs.FolderBlobs;
import io.campanile.workspace.blobs.Staging;
import io.campanile.workspace.contents.Content;
import io.campanile.workspace.contents.ContentDeletions;
import io.campanile.workspace.contents.ContentStore;
import io.campanile.workspace.contents.Contents;
import io.campanile.workspace.formats.Language;
import io.campanile.workspace.formats.Trimmings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Contents and large subtrees on a real database: tenants, and what a crash between two steps leaves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FilesAndLargeTreesStoreTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final long OTHER = 999;
    private static final int LARGE = 3_000;

    private final RecordedNotebooks documents = new RecordedNotebooks();
    private final Vertx vertx = Vertx.vertx();
    private final Blocking blocking = new Blocking(vertx, "tests", 2, 10);
    private Database database;
    private ObjectStore store;
    private FileStore files;
    private ListingStore listings;
    private TrimmingStore trimmings;
    private TrashStore trash;
    private ArchiveStore archives;
    private ContentStore contentStore;
    private FolderBlobs blobs;
    private Staging staging;
    private long workspaces;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        database = Database.open(TestDatabase.create(), "workspace", "workspace");
        store = new ObjectStore(database);
        files = new FileStore(database);
        listings = new ListingStore(database);
        trimmings = new TrimmingStore(database);
        trash = new TrashStore(database);
        archives = new ArchiveStore(database);
        contentStore = new ContentStore(database);
        staging = new Staging(folder);
        blobs = new FolderBlobs(folder, staging);
        store.ensureRoots(OTHER, NOW);
    }

    @AfterAll
    void stop() {
        database.close();
        vertx.close();
    }

    @Test
    void noStoreMethodReachesAnotherWorkspace() throws IOException {
        long ours = workspace();
        Located root = root(ours);
        Contents contents = contents(NOW);
        long objectId = store.nextId();
        Content content = contents.put(ours, objectId, draft(contents, "ours"));
        WorkspaceObject file =
                WorkspaceObject.file(ours, objectId, root.object().objectId(), "file.txt", content, NOW);
        assertThat(files.insert(caller(ours), root, file)).isEqualTo(ObjectStore.Placed.DONE);
        trimmings.save(ours, objectId, new Trimmings(new Trimmings.Lines(true, true, true), null, Map.of()));

        Content theirs = contents.put(OTHER, objectId, draft(contents, "theirs"));
        assertThat(files.replace(caller(OTHER), objectId, theirs, null, NOW)).isEqualTo(FileStore.Replaced.GONE);
        assertThat(listings.children(OTHER, root.object().objectId(), null, 10)).isEmpty();
        assertThat(listings.search(OTHER, "file", true, null, null, 0, 10)).isEmpty();
        assertThat(listings.search(OTHER, "txt", false, null, null, 0, 10)).isEmpty();
        assertThat(store.locateAll(OTHER, List.of(objectId))).isEmpty();
        assertThat(store.namesBeginning(OTHER, root.object().objectId(), "file"))
                .isEmpty();
        assertThat(trimmings.find(OTHER, objectId).none()).isTrue();
        trimmings.save(OTHER, objectId, Trimmings.NONE);
        archives.hasten(caller(OTHER), List.of(objectId), NOW);

        assertThat(trimmings.find(ours, objectId).none()).isFalse();
        assertThat(listings.children(ours, root.object().objectId(), null, 10))
                .extracting(WorkspaceObject::content)
                .contains(content);
        try (var bytes = contents.open(ours, objectId, content, 0, content.size())) {
            assertThat(new String(bytes.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("ours");
        }
    }

    @Test
    void aContentWithoutItsRowIsDeletedAndOneWithItIsKept() throws IOException {
        long workspace = workspace();
        Located root = root(workspace);
        Contents contents = contents(NOW);
        long kept = store.nextId();
        Content keptContent = contents.put(workspace, kept, draft(contents, "kept"));
        files.insert(
                caller(workspace),
                root,
                WorkspaceObject.file(workspace, kept, root.object().objectId(), "kept", keptContent, NOW));
        long lost = store.nextId();
        Content lostContent = contents.put(workspace, lost, draft(contents, "a crash comes before the row"));

        try (ContentDeletions soon = deletions(NOW.plus(1, ChronoUnit.MINUTES));
                ContentDeletions later = deletions(NOW.plus(31, ChronoUnit.MINUTES))) {
            soon.round();
            assertThat(exists(workspace, lost, lostContent)).isTrue();
            later.round();
        }

        assertThat(exists(workspace, lost, lostContent)).isFalse();
        assertThat(exists(workspace, kept, keptContent)).isTrue();
        Content late = contents.put(workspace, lost, draft(contents, "late"));
        try (ContentDeletions later = deletions(NOW.plus(31, ChronoUnit.MINUTES))) {
            later.round();
        }
        assertThat(ContentStore.settle(database.context(), workspace, List.of(late.contentId())))
                .isFalse();
    }

    @Test
    void theOldContentGoesAfterAWhileWhenANewOneCounts() throws IOException {
        long workspace = workspace();
        Located root = root(workspace);
        Contents contents = contents(NOW);
        long objectId = store.nextId();
        Content old = contents.put(workspace, objectId, draft(contents, "old"));
        files.insert(
                caller(workspace),
                root,
                WorkspaceObject.file(workspace, objectId, root.object().objectId(), "f", old, NOW));
        Content fresh = contents.put(workspace, objectId, draft(contents, "new"));

        assertThat(files.replace(caller(workspace), objectId, fresh, "another", NOW))
                .isEqualTo(FileStore.Replaced.CHANGED);
        assertThat(files.replace(caller(workspace), objectId, fresh, old.etag(), NOW))
                .isEqualTo(FileStore.Replaced.DONE);

        try (ContentDeletions soon = deletions(NOW.plusSeconds(1));
                ContentDeletions later = deletions(NOW.plus(40, ChronoUnit.MINUTES))) {
            soon.round();
            assertThat(exists(workspace, objectId, old)).isTrue();
            later.round();
        }
        assertThat(exists(workspace, objectId, old)).isFalse();
        assertThat(exists(workspace, objectId, fresh)).isTrue();
    }

    @Test
    void aLargeFolderIsGoneAtOnceAndItsRowsInPieces() {
        long workspace = workspace();
        Located root = root(workspace);
        long untouched = workspace();
        List<WorkspaceObject> below = new ArrayList<>();
        List<Long> ids = archives.nextIds(LARGE);
        long top = store.nextId();
        for (int i = 0; i < LARGE; i++) {
            // Chains of thirty folders, so that no piece is one level.
            long parent = i % 30 == 0 ? top : ids.get(i - 1);
            below.add(WorkspaceObject.directory(workspace, ids.get(i), parent, "d" + i, NOW));
        }
        Caller caller = caller(workspace);
        WorkspaceObject folder =
                WorkspaceObject.directory(workspace, top, root.object().objectId(), "large", NOW);
        assertThat(archives.insert(caller, root, folder, below)).isEqualTo(ObjectStore.Placed.DONE);
        long notebook = store.nextId();
        assertThat(store.insert(WorkspaceObject.notebook(workspace, notebook, ids.get(5), "n", Language.SQL, NOW)))
                .isEqualTo(ObjectStore.Placed.DONE);
        documents.put(caller, notebook, new io.campanile.workspace.formats.Notebook(Language.SQL, List.of()), false);

        assertThat(trash.remove(caller, top, false, NOW)).isEqualTo(TrashStore.Removed.NOT_EMPTY);
        assertThat(trash.remove(caller, top, true, NOW)).isEqualTo(TrashStore.Removed.DONE);

        assertThat(store.locate(workspace, top)).isEmpty();
        assertThat(store.locate(workspace, ids.get(LARGE - 1))).isEmpty();
        assertThat(store.locateAll(workspace, List.of(ids.get(7), root.object().objectId())))
                .hasSize(1);
        assertThat(trash.trashed(workspace)).isEmpty();
        assertThat(trash.remove(caller, ids.get(3), true, NOW)).isEqualTo(TrashStore.Removed.GONE);
        assertThat(store.insert(WorkspaceObject.directory(workspace, store.nextId(), ids.get(9), "late", NOW)))
                .isEqualTo(ObjectStore.Placed.NO_PARENT);
        assertThat(store.insert(WorkspaceObject.directory(
                        workspace, store.nextId(), root.object().objectId(), "large", NOW)))
                .isEqualTo(ObjectStore.Placed.DONE);
        try (DocumentDeletions loop = new DocumentDeletions(
                vertx, blocking, new DeletionStore(database), trash, documents, fixed(NOW), 3_600_000)) {
            loop.round();
        }
        assertThat(trash.removePiece(NOW)).isFalse();
        assertThat(documents.documents).doesNotContainKey(RecordedNotebooks.key(workspace, notebook));
        assertThat(listings.search(workspace, "d", true, null, null, 0, 10)).isEmpty();
        assertThat(store.root(untouched)).isPresent();
        assertThat(listings.children(
                        untouched, store.root(untouched).orElseThrow().objectId(), null, 10))
                .hasSize(3);
    }

    @Test
    void whatIsInAThrownAwayFolderComesBackWithItButNotWhatWasThrownAwayBefore() {
        long workspace = workspace();
        Caller caller = caller(workspace);
        long root = root(workspace).object().objectId();
        long folder = directory(workspace, root, "folder");
        long inside = directory(workspace, folder, "inside");
        long before = directory(workspace, folder, "before");
        trash.trash(caller, before, NOW);
        trash.trash(caller, folder, NOW);

        assertThat(store.locate(workspace, inside).orElseThrow().isLive()).isFalse();
        assertThat(store.insert(WorkspaceObject.directory(workspace, store.nextId(), inside, "x", NOW)))
                .isEqualTo(ObjectStore.Placed.NO_PARENT);
        assertThat(trash.restore(caller, folder, root, "folder")).isEqualTo(ObjectStore.Placed.DONE);

        assertThat(store.locate(workspace, inside).orElseThrow().isLive()).isTrue();
        assertThat(store.locate(workspace, before).orElseThrow().isLive()).isFalse();
    }

    private long directory(long workspace, long parent, String name) {
        long id = store.nextId();
        assertThat(store.insert(WorkspaceObject.directory(workspace, id, parent, name, NOW)))
                .isEqualTo(ObjectStore.Placed.DONE);
        return id;
    }

    private boolean exists(long workspace, long objectId, Content content) throws IOException {
        try (var bytes = contents(NOW).open(workspace, objectId, content, 0, content.size())) {
            return true;
        } catch (io.campanile.workspace.contents.ContentGoneException e) {
            return false;
        }
    }

    private Contents contents(Instant now) {
        return new Contents(blobs, staging, contentStore, fixed(now));
    }

    private ContentDeletions deletions(Instant now) {
        return new ContentDeletions(vertx, blocking, contentStore, contents(now), fixed(now), 3_600_000);
    }

    private static Path draft(Contents contents, String text) throws IOException {
        return Files.writeString(contents.draft(), text);
    }

    private long workspace() {
        long id = ++workspaces;
        store.ensureRoots(id, NOW);
        return id;
    }

    private Located root(long workspace) {
        return new Located(List.of(store.root(workspace).orElseThrow()));
    }

    private static Caller caller(long workspace) {
        return new Caller(workspace, 7, "alice@example.com", true, null, "request-1");
    }

    private static Clock fixed(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }
}
