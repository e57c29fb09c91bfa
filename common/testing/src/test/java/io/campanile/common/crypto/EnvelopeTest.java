package io.campanile.common.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key hierarchy on a real database and a real file. */
final class EnvelopeTest {
    private static final byte[] PLAIN = "what nobody may read".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path dataDir;

    private Database database;
    private MasterKeys masters;
    private Envelope envelope;

    @BeforeEach
    void start() {
        database = Database.open(TestDatabase.create(), "tests", "tests");
        masters = new MasterKeys(dataDir, Clock.systemUTC());
        envelope = new Envelope(database, masters);
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void whatIsSealedOpensAtItsPlaceOnly() {
        byte[] sealed = seal(1, "secret", "scope", "key");

        assertThat(open(1, sealed, "secret", "scope", "key")).isEqualTo(PLAIN);
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("nobody");
        assertThat(seal(1, "secret", "scope", "key")).isNotEqualTo(sealed);
        misplaced(() -> open(1, sealed, "secret", "scope", "other"));
        misplaced(() -> open(1, sealed, "secret", "scopekey", ""));
        misplaced(() -> open(1, sealed, "secret", "scop", "ekey"));
        misplaced(() -> open(1, sealed, "secret", "scope"));
        misplaced(() -> open(1, sealed, "token", "scope", "key"));
    }

    @Test
    void whatIsDerivedIsTheSameForOnePlaceAndStaysSoUnderAnotherMasterKey() {
        byte[] derived = envelope.derive(1, "cluster-secret", "c1", "1");

        masters.add();
        envelope.rewrap((tx, keys) -> {});

        assertThat(derived).hasSize(32);
        assertThat(new Envelope(database, masters).derive(1, "cluster-secret", "c1", "1"))
                .isEqualTo(derived);
        assertThat(envelope.derive(2, "cluster-secret", "c1", "1")).isNotEqualTo(derived);
        assertThat(envelope.derive(1, "cluster-secret", "c1", "2")).isNotEqualTo(derived);
        assertThat(envelope.derive(1, "cluster-secret", "c11", "")).isNotEqualTo(derived);
        assertThat(envelope.derive(1, "other", "c1", "1")).isNotEqualTo(derived);
    }

    @Test
    void anotherWorkspaceOpensNothingEvenWithTheKeyCopied() {
        byte[] sealed = seal(1, "secret", "scope", "key");
        misplaced(() -> open(2, sealed, "secret", "scope", "key"));
        seal(2, "secret", "scope", "key");
        misplaced(() -> open(2, sealed, "secret", "scope", "key"));

        database.acrossWorkspaces("a test")
                .execute("update data_key set wrapped = (select wrapped from data_key where workspace_id = 1)"
                        + " where workspace_id = 2");

        assertThatThrownBy(() -> open(2, sealed, "secret", "scope", "key"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("is not the one that wrapped the data key of workspace 2");
    }

    @Test
    void everyChangedByteIsNoticed() {
        byte[] sealed = seal(1, "secret", "scope", "key");

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            misplaced(() -> open(1, changed, "secret", "scope", "key"));
        }
        misplaced(() -> open(1, new byte[] {1, 0, 0, 0, 1, 9}, "secret", "scope", "key"));
        misplaced(() -> open(1, new byte[0], "secret", "scope", "key"));
    }

    @Test
    void theMasterKeyIsForItsOwnerOnly() throws IOException {
        seal(1, "secret", "scope", "key");
        Path file = dataDir.resolve("keys/master.key");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                .isEqualTo("rwx------");
        assertThat(masters.newest().orElseThrow().toString())
                .doesNotContain(masters.newest().orElseThrow().key());

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(() -> seal(1, "secret", "scope", "key")).hasMessageContaining("can be read by others");
    }

    @Test
    void aLostOrExchangedMasterKeyIsNamed() throws IOException {
        byte[] sealed = seal(1, "secret", "scope", "key");
        Path file = dataDir.resolve("keys/master.key");
        String good = Files.readString(file);
        String id = masters.newest().orElseThrow().id();
        List<String> problems = new ArrayList<>();

        Files.delete(file);
        assertThatThrownBy(() -> open(1, sealed, "secret", "scope", "key"))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("The master key " + id + " is not in keys/master.key");
        assertThatThrownBy(() -> seal(2, "secret", "scope", "key")).hasMessageContaining("restore it from its backup");
        assertThat(file).doesNotExist();
        envelope.check(problem -> problems.add(problem.getMessage()));
        assertThat(problems).singleElement().asString().contains(id);

        String other = Base64.getEncoder().encodeToString(new byte[32]);
        write(file, good.replaceAll("\"key\":\"[^\"]+\"", "\"key\":\"" + other + "\""));
        assertThatThrownBy(() -> open(1, sealed, "secret", "scope", "key"))
                .hasMessageContaining("is not the one that wrapped the data key of workspace 1");

        write(file, good.substring(0, 40));
        assertThatThrownBy(() -> open(1, sealed, "secret", "scope", "key")).hasMessageContaining("is damaged");

        write(file, good);
        assertThat(open(1, sealed, "secret", "scope", "key")).isEqualTo(PLAIN);
    }

    @Test
    void aNewMasterKeyWrapsTheDataKeysAndTheOldOneCanGo() {
        byte[] first = seal(1, "secret", "scope", "key");
        byte[] second = seal(2, "secret", "scope", "key");
        List<Integer> rewrapped = new ArrayList<>();

        String id = masters.add();
        assertThat(envelope.rewrap((tx, keys) -> rewrapped.add(keys))).isEqualTo(id);
        masters.keepFrom(id);
        envelope.rewrap((tx, keys) -> rewrapped.add(keys));

        assertThat(rewrapped).containsExactly(2, 0);
        assertThat(open(1, first, "secret", "scope", "key")).isEqualTo(PLAIN);
        assertThat(open(2, second, "secret", "scope", "key")).isEqualTo(PLAIN);
        assertThat(open(1, seal(1, "a", "b"), "a", "b")).isEqualTo(PLAIN);
    }

    @Test
    void aMasterRotationThatDiedAnywhereLosesNothing() {
        byte[] sealed = seal(1, "secret", "scope", "key");

        masters.add();
        assertThat(open(1, sealed, "secret", "scope", "key")).isEqualTo(PLAIN);
        assertThatThrownBy(() -> envelope.rewrap((tx, keys) -> {
                    throw new IllegalStateException("died before the commit");
                }))
                .hasMessageContaining("died before the commit");
        assertThat(open(1, sealed, "secret", "scope", "key")).isEqualTo(PLAIN);
        String id = envelope.rewrap((tx, keys) -> {});
        assertThat(open(1, sealed, "secret", "scope", "key")).isEqualTo(PLAIN);
        masters.keepFrom(id);

        assertThat(open(1, sealed, "secret", "scope", "key")).isEqualTo(PLAIN);
    }

    @Test
    void aFileWrittenHalfIsNotTheFile() throws IOException {
        byte[] sealed = seal(1, "secret", "scope", "key");

        Files.writeString(dataDir.resolve("keys/master.key.new"), "{\"keys\":[");
        masters.add();

        assertThat(dataDir.resolve("keys/master.key.new")).doesNotExist();
        assertThat(open(1, sealed, "secret", "scope", "key")).isEqualTo(PLAIN);
    }

    @Test
    void aDataKeyIsNotRetiredWhileAnythingIsSealedUnderIt() throws Exception {
        byte[] old = seal(1, "secret", "scope", "key");
        CountDownLatch sealed = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> slowWriter = threads.submit(() -> database.transact(tx -> {
                byte[] value = envelope.seal(tx, 1, PLAIN, "row", "slow");
                sealed.countDown();
                await(commit);
                tx.execute("insert into sealed (workspace_id, name, value) values (1, 'slow', ?)", value);
            }));
            await(sealed);
            int version = database.inTransaction(tx -> envelope.newDataKey(tx, 1));
            String left = "select count(*) from sealed where workspace_id = 1";
            Future<Boolean> retired = threads.submit(() -> database.inTransaction(
                    tx -> envelope.retire(tx, 1, version, () -> Long.valueOf(0).equals(tx.fetchValue(left)))));
            commit.countDown();

            assertThat(retired.get(30, TimeUnit.SECONDS)).isFalse();
            slowWriter.get(30, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        assertThat(envelope.unfinishedRotations()).containsExactly(1L);
        assertThat(open(1, old, "secret", "scope", "key")).isEqualTo(PLAIN);
        assertThat(Envelope.keyVersion(seal(1, "a", "b"))).isEqualTo(2);
        boolean gone = database.inTransaction(tx -> envelope.retire(tx, 1, 2, () -> true));
        assertThat(gone).isTrue();
        misplaced(() -> open(1, old, "secret", "scope", "key"));
    }

    @Test
    void manyAtOnceMakeOneMasterKeyAndOneDataKey() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<byte[]>> sealed = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                sealed.add(threads.submit(() -> seal(1, "secret", "scope", "key")));
            }
            for (Future<byte[]> each : sealed) {
                assertThat(open(1, each.get(30, TimeUnit.SECONDS), "secret", "scope", "key"))
                        .isEqualTo(PLAIN);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(envelope.currentVersion(1)).isEqualTo(1);
        assertThat(Files.readString(dataDir.resolve("keys/master.key"))).containsOnlyOnce("\"id\"");
    }

    private byte[] seal(long workspace, String kind, String... place) {
        return database.inTransaction(tx -> envelope.seal(tx, workspace, PLAIN, kind, place));
    }

    private byte[] open(long workspace, byte[] sealed, String kind, String... place) {
        return envelope.open(database.context(), workspace, sealed, kind, place);
    }

    private static void misplaced(org.assertj.core.api.ThrowableAssert.ThrowingCallable opening) {
        assertThatThrownBy(opening).isInstanceOf(BrokenSealException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }
}
