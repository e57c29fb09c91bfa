package io.campanile.workspace.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.MasterKeys;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.common.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Secrets on a real database: tenants, limits, what stands in the tables, and keys that rotate. */
final class SecretStoreTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");
    private static final SecretName SCOPE = SecretName.scope("Scope");
    private static final SecretName KEY = SecretName.key("Key");
    private static final byte[] VALUE = "canary-4711-%s<&>".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path dataDir;

    private final FakeDirectory directory = new FakeDirectory();
    private Database database;
    private SecretStore store;
    private MasterKeys masters;
    private Envelope envelope;
    private ScopeService scopes;
    private SecretService secrets;
    private DataKeyRotation rotation;

    @BeforeEach
    void start() {
        database = Database.open(TestDatabase.create(), "workspace", "workspace");
        store = new SecretStore(database);
        masters = new MasterKeys(dataDir, Clock.systemUTC());
        envelope = new Envelope(database, masters);
        scopes = new ScopeService(store, directory, Clock.systemUTC(), 3);
        secrets = new SecretService(store, envelope, Clock.systemUTC(), 5);
        rotation = new DataKeyRotation(store, envelope, List.of());
    }

    @AfterEach
    void stop() {
        database.close();
    }

    @Test
    void noStoreMethodReachesAnotherWorkspace() {
        scopes.create(ALICE, SCOPE, null);
        secrets.put(ALICE, SCOPE, KEY, VALUE);
        SecretAclStore acls = new SecretAclStore();
        var db = database.context();
        long other = STRANGER.workspaceId();

        assertThat(store.scopes(db, other)).isZero();
        assertThat(store.hold(db, other, SCOPE)).isEmpty();
        assertThat(store.lock(db, other, SCOPE)).isEmpty();
        assertThat(store.all(other)).isEmpty();
        assertThat(store.visibleTo(other, Set.of(ALICE.userId()))).isEmpty();
        assertThat(store.permission(db, other, SCOPE, Set.of(ALICE.userId()))).isEmpty();
        assertThat(store.secrets(db, other, SCOPE)).isZero();
        assertThat(store.exists(db, other, SCOPE, KEY)).isFalse();
        assertThat(store.find(db, other, SCOPE, KEY)).isEmpty();
        assertThat(store.list(db, other, SCOPE)).isEmpty();
        assertThat(store.sealedBefore(db, other, 99, SecretStore.Place.FIRST, 10))
                .isEmpty();
        assertThat(store.anyBefore(db, other, 99)).isFalse();
        assertThat(acls.find(db, other, SCOPE, ALICE.userId())).isEmpty();
        assertThat(acls.list(db, other, SCOPE)).isEmpty();
        assertThat(acls.delete(db, other, SCOPE, ALICE.userId())).isFalse();
        assertThat(store.delete(db, other, SCOPE, KEY)).isFalse();
        store.delete(db, other, SCOPE);
        store.reseal(db, other, new SecretStore.Sealed(new SecretStore.Place("scope", "key"), new byte[9]), 9);
        assertThatThrownBy(() -> acls.put(db, other, SCOPE, new SecretAclStore.Entry(7, AclPermission.MANAGE)))
                .hasMessageContaining("secret_acl_scope_fk");
        assertThatThrownBy(() -> store.put(
                        db, other, SCOPE, KEY, VALUE, 1, Clock.systemUTC().instant()))
                .hasMessageContaining("secret_scope_fk");

        assertThat(secrets.get(ALICE, SCOPE, KEY)).isEqualTo(VALUE);
        assertThat(store.insert(db, other, SCOPE, 7, Clock.systemUTC().instant()))
                .isTrue();
    }

    @Test
    void aRowThatIsCopiedOpensNothing() {
        scopes.create(ALICE, SCOPE, null);
        scopes.create(STRANGER, SCOPE, null);
        secrets.put(ALICE, SCOPE, KEY, VALUE);
        secrets.put(ALICE, SCOPE, SecretName.key("other"), VALUE);
        secrets.put(STRANGER, SCOPE, KEY, VALUE);

        database.acrossWorkspaces("a test")
                .execute("update secret set sealed = (select sealed from secret where workspace_id = 1"
                        + " and secret_key = 'key') where workspace_id = 2 or secret_key = 'other'");

        for (Runnable read : List.<Runnable>of(
                () -> secrets.get(STRANGER, SCOPE, KEY), () -> secrets.get(ALICE, SCOPE, SecretName.key("other")))) {
            assertThatThrownBy(read::run).hasMessageContaining("was changed or moved in the database");
        }
        assertThat(secrets.get(ALICE, SCOPE, KEY)).isEqualTo(VALUE);
    }

    @Test
    void thereIsALimitToScopesAndToSecrets() {
        for (int i = 0; i < 3; i++) {
            scopes.create(ALICE, SecretName.scope("s" + i), null);
        }
        refused(() -> scopes.create(ALICE, SecretName.scope("s3"), null), ErrorCode.RESOURCE_LIMIT_EXCEEDED);
        scopes.create(STRANGER, SCOPE, null);
        SecretName scope = SecretName.scope("s0");
        for (int i = 0; i < 5; i++) {
            secrets.put(ALICE, scope, SecretName.key("k" + i), VALUE);
        }

        refused(() -> secrets.put(ALICE, scope, KEY, VALUE), ErrorCode.RESOURCE_LIMIT_EXCEEDED);
        secrets.put(ALICE, scope, SecretName.key("k0"), VALUE);
        secrets.delete(ALICE, scope, SecretName.key("k0"));
        secrets.put(ALICE, scope, KEY, VALUE);
    }

    @Test
    void nothingInTheDatabaseOrTheLogSaysTheValue() throws IOException {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            scopes.create(ALICE, SCOPE, null);
            secrets.put(ALICE, SCOPE, KEY, VALUE);
            secrets.get(ALICE, SCOPE, KEY);
            database.acrossWorkspaces("a test").execute("update secret set sealed = sealed || '\\x00'::bytea");
            assertThatThrownBy(() -> secrets.get(ALICE, SCOPE, KEY)).hasMessageNotContaining("canary");
            secrets.put(ALICE, SCOPE, KEY, VALUE);
            rotation.rotate(ALICE);
        } finally {
            root.detachAppender(log);
        }

        String dump = dump();
        assertThat(dump).contains("alice@example.com", "secret/Scope/Key", "data-key/2");
        assertThat(dump)
                .doesNotContain("canary-4711", hex(VALUE), Base64.getEncoder().encodeToString(VALUE));
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).noneMatch(line -> line.contains("canary"));
        try (Stream<Path> files = Files.walk(dataDir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("canary-4711");
            }
        }
    }

    @Test
    void readingAndChangingIsInTheAuditLog() {
        scopes.create(ALICE.doing("secrets.scopes.create"), SCOPE, null);
        secrets.put(ALICE.doing("secrets.put"), SCOPE, KEY, VALUE);
        secrets.get(ALICE.doing("secrets.get"), SCOPE, KEY);
        assertThatThrownBy(() -> secrets.put(
                        new Caller(1, 8, "bob@example.com", false, null, "r").doing("secrets.put"), SCOPE, KEY, VALUE))
                .isInstanceOf(ApiException.class);
        secrets.delete(ALICE.doing("secrets.delete"), SCOPE, KEY);
        scopes.delete(ALICE.doing("secrets.scopes.delete"), SCOPE);

        assertThat(database.acrossWorkspaces("a test")
                        .fetchValues("select action || ' ' || resource from audit_event order by event_id"))
                .asList()
                .containsExactly(
                        "secrets.scopes.create secret-scope/Scope",
                        "secrets.put secret/Scope/Key",
                        "secrets.get secret/Scope/Key",
                        "secrets.delete secret/Scope/Key",
                        "secrets.scopes.delete secret-scope/Scope");
    }

    @Test
    void aDataKeyRotatesAndTheOldOneIsGone() {
        fill();

        assertThat(rotation.rotate(ALICE)).isEqualTo(2);

        assertThat(database.acrossWorkspaces("a test")
                        .fetchValues("select version from data_key where workspace_id = 1"))
                .asList()
                .containsExactly(2);
        everySecretOpens();
        assertThat(rotation.rotate(STRANGER)).as("a workspace without any key").isEqualTo(1);
    }

    @Test
    void aRotationThatDiedIsFinishedAtTheNextStart() {
        fill();
        int version = rotation.begin(ALICE);
        everySecretOpens();
        rotation.resealSome(1, version, SecretStore.Place.FIRST, 2, new ArrayList<>());
        everySecretOpens();
        secrets.put(ALICE, SCOPE, SecretName.key("k4"), VALUE);

        new DataKeyRotation(
                        new SecretStore(database),
                        new Envelope(database, new MasterKeys(dataDir, Clock.systemUTC())),
                        List.of())
                .resume();

        assertThat(envelope.unfinishedRotations()).isEmpty();
        assertThat(database.acrossWorkspaces("a test")
                        .fetchValues("select version from data_key where workspace_id = 1"))
                .asList()
                .containsExactly(2);
        everySecretOpens();
    }

    @Test
    void oneBrokenSecretKeepsTheOldKeyForTheOthersAndIsNamed() {
        fill();
        database.acrossWorkspaces("a test")
                .execute("update secret set sealed = sealed || '\\x00'::bytea where secret_key = 'k2'");

        assertThatThrownBy(() -> rotation.rotate(ALICE))
                .hasMessageContaining("scope/k2")
                .isInstanceOf(ApiException.class);
        secrets.put(ALICE, SCOPE, SecretName.key("k2"), VALUE);
        rotation.resume();

        assertThat(envelope.unfinishedRotations()).isEmpty();
        everySecretOpens();
    }

    @Test
    void theOldMasterKeyGoesOnlyWhenEveryServiceHasLeftIt() throws IOException {
        fill();
        Path file = dataDir.resolve("keys/master.key");
        KeyPeer away = caller -> Optional.empty();
        KeyPeer there = caller -> Optional.of(envelope.rewrap((tx, keys) -> {}));

        var kept = new MasterKeyRotation(masters, envelope, List.of(there, away)).rotate(ALICE);
        String both = Files.readString(file);
        var dropped = new MasterKeyRotation(masters, envelope, List.of(there)).rotate(ALICE);

        assertThat(kept.olderKeysDropped()).isFalse();
        assertThat(both.split("\"id\"", -1)).hasSize(3);
        assertThat(dropped.olderKeysDropped()).isTrue();
        assertThat(Files.readString(file)).containsOnlyOnce("\"id\"").contains(dropped.masterKeyId());
        everySecretOpens();
        assertThat(database.acrossWorkspaces("a test")
                        .fetchValues("select details ->> 'data_keys_wrapped' from audit_event"
                                + " where resource = 'master-key'"))
                .asList()
                .containsExactly("1", "1");
    }

    private void fill() {
        scopes.create(ALICE, SCOPE, null);
        for (int i = 0; i < 5; i++) {
            secrets.put(ALICE, SCOPE, SecretName.key("k" + i), VALUE);
        }
    }

    private void everySecretOpens() {
        for (int i = 0; i < 5; i++) {
            assertThat(secrets.get(ALICE, SCOPE, SecretName.key("k" + i))).isEqualTo(VALUE);
        }
    }

    /** Every row of every table, bytes as hexadecimal digits and as the text they may be. */
    private String dump() {
        StringBuilder dump = new StringBuilder();
        for (Object table : database.acrossWorkspaces("a test")
                .fetchValues(
                        "select table_name::text from information_schema.tables where table_schema = 'workspace'")) {
            for (Record row : database.acrossWorkspaces("a test").fetch("select * from workspace." + table)) {
                for (Object value : row.intoArray()) {
                    dump.append(
                                    value instanceof byte[] bytes
                                            ? hex(bytes) + new String(bytes, StandardCharsets.ISO_8859_1)
                                            : String.valueOf(value))
                            .append('\n');
                }
            }
        }
        return dump.toString();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
