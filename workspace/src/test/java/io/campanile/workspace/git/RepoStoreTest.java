package io.campanile.workspace.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.testing.TestDatabase;
import io.campanile.workspace.secrets.DataKeyRotation;
import io.campanile.workspace.secrets.SecretStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The stores of git on a real database: no workspace reaches another's rows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RepoStoreTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", true, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");
    private static final String COMMIT = "1111111111111111111111111111111111111111";
    private static final String OTHER = "2222222222222222222222222222222222222222";

    private Database database;
    private RepoStore store;
    private Envelope envelope;

    @BeforeAll
    void start(@TempDir Path dataDir) {
        database = Database.open(TestDatabase.create(), "workspace", "workspace");
        store = new RepoStore(database);
        envelope = new Envelope(database, new MasterKeys(dataDir, Clock.systemUTC()));
        for (long workspace : new long[] {1, 2}) {
            database.context().execute("""
                    insert into tree_object
                        (workspace_id, object_id, name, folded_name, object_type, created_at, modified_at)
                    values (?, 100, 'r', 'r', 'REPO', now(), now())""", workspace);
        }
    }

    @AfterAll
    void stop() {
        database.close();
    }

    @Test
    void noStoreMethodReachesAnotherWorkspace() {
        RepoStore.Repo ours = repo(1, COMMIT);
        RepoStore.Repo theirs = repo(2, COMMIT);
        RepoStore.TrackedFile file = new RepoStore.TrackedFile("a.txt", 5, "a.txt", COMMIT, 33188, 1L, null);
        RepoStore.TrackedFile pending = new RepoStore.TrackedFile("n.py", 6, "n", COMMIT, 33188, null, null);
        SubmoduleStore.Submodule lib = new SubmoduleStore.Submodule("lib", "lib", OTHER, null, "why");
        database.transact(tx -> {
            store.insert(tx, ours);
            store.putFiles(tx, ours, List.of(file, pending));
            store.putBranch(tx, ours, "main", COMMIT);
            store.putConflict(tx, ours, new RepoStore.Conflict("a.txt", false, null));
            SubmoduleStore.replace(tx, ours, List.of(lib));
        });

        assertThat(store.find(2, 100)).isEmpty();
        assertThat(store.page(2, 0, 10)).isEmpty();
        assertThat(store.files(theirs)).isEmpty();
        assertThat(store.branches(theirs)).isEmpty();
        assertThat(store.conflicts(theirs)).isEmpty();
        assertThat(store.submodules(theirs)).isEmpty();
        assertThat(store.snapshot(theirs.key(), tx -> List.of())).isEmpty();
        assertThat(store.anyPending(2, 100)).isFalse();
        store.written(theirs, pending, OTHER);
        database.transact(tx -> {
            store.dropFiles(tx, theirs, List.of("a.txt"));
            store.dropConflicts(tx, theirs);
            SubmoduleStore.replace(tx, theirs, List.of());
        });
        assertThatThrownBy(
                        () -> database.transact(tx -> store.move(tx, STRANGER, theirs, theirs.at("main", OTHER, null))))
                .isInstanceOf(ApiException.class);

        assertThat(store.find(1, 100)).contains(ours);
        assertThat(store.files(ours)).containsExactly(file, pending);
        assertThat(store.branches(ours)).containsEntry("main", COMMIT);
        assertThat(store.conflicts(ours)).hasSize(1);
        assertThat(store.submodules(ours)).containsExactly(lib);
        assertThat(store.anyPending(1, 100)).isTrue();
        store.written(ours, pending, OTHER);
        assertThat(store.anyPending(1, 100)).isFalse();
        // Whoever looked at an older head changes nothing.
        database.transact(tx -> store.move(tx, ALICE, ours, ours.at("main", OTHER, null)));
        assertThatThrownBy(() -> database.transact(tx -> store.move(tx, ALICE, ours, ours.at("main", COMMIT, null))))
                .isInstanceOf(ApiException.class);
        database.context().execute("delete from tree_object where workspace_id = 1 and object_id = 100");
        assertThat(store.find(1, 100)).isEmpty();
        assertThat(store.files(ours)).isEmpty();
    }

    @Test
    void credentialsStayWhereTheyAreAndPassToNewKeys() {
        CredentialStore credentials = new CredentialStore(database);
        CredentialService service = new CredentialService(credentials, envelope);
        long id = service.create(ALICE, new CredentialService.Wish("gitHub", "u", null, null, null, "the token"))
                .credentialId();

        assertThat(service.list(STRANGER)).isEmpty();
        assertThatThrownBy(() -> service.get(STRANGER, id)).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> service.delete(STRANGER, id)).isInstanceOf(ApiException.class);
        assertThat(service.use(STRANGER, "gitHub", null)).isEmpty();
        int before = version(id);
        DataKeyRotation rotation = new DataKeyRotation(
                new SecretStore(database), envelope, List.of(new CredentialSeals(credentials, envelope)));
        database.transact(tx -> envelope.newDataKey(tx, 1));
        rotation.resume();

        assertThat(version(id)).isGreaterThan(before);
        assertThat(service.use(ALICE, "gitHub", null).orElseThrow().token()).isEqualTo("the token");
        assertThat(database.context().fetchValues("select version from data_key where workspace_id = 1"))
                .hasSize(1);
        assertThat(service.use(ALICE, "gitHub", null).orElseThrow().toString()).doesNotContain("the token");
    }

    private int version(long id) {
        return database.context()
                .fetchSingle("select key_version from git_credential where workspace_id = 1 and credential_id = ?", id)
                .into(Integer.class);
    }

    private static RepoStore.Repo repo(long workspace, String head) {
        return new RepoStore.Repo(
                workspace, 100, "https://host/r.git", "gitHub", "main", head, null, 7, "alice@example.com");
    }
}
