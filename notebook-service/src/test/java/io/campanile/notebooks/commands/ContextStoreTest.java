package io.campanile.notebooks.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ContextStoreTest {
    private static final Caller ALICE = new Caller(1, 7, "alice@example.com", false, null, "r");
    private static final Caller EVE = new Caller(2, 7, "eve@example.com", false, null, "r");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Database database;
    private ContextStore store;

    @BeforeEach
    void open() {
        database = Database.open(TestDatabase.create(), "notebook_service", "notebook-service");
        store = new ContextStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anotherWorkspaceFindsCountsAndEndsNothing() {
        CommandContext context = make(ALICE, "context-1", 1);

        assertThat(store.find(2, "context-1")).isEmpty();
        assertThat(counts(EVE)).isEqualTo(new ContextStore.Counts(0, 0, 0));
        store.lose(2, "c-1", 5, true, "elsewhere", NOW);
        boolean evicted = database.inTransaction(tx -> store.evict(tx, 2, "c-1", NOW.plusSeconds(1), "elsewhere", NOW));
        assertThat(evicted).isFalse();
        assertThat(store.find(1, "context-1")).contains(context);
        assertThat(counts(ALICE)).isEqualTo(new ContextStore.Counts(1, 0, 1));
        // The same id may be in two workspaces: each has its own.
        make(EVE, "context-1", 1);
        store.delete(context);
        assertThat(store.find(1, "context-1")).isEmpty();
        assertThat(store.find(2, "context-1")).isPresent();
    }

    @Test
    void theEndOfALifeOfAClusterEndsWhatWasMadeInIt() {
        make(ALICE, "first", 1);
        make(ALICE, "second", 2);

        store.lose(1, "c-1", 2, false, "restarted", NOW);
        assertThat(state("first")).isEqualTo(ContextState.ERROR);
        assertThat(state("second")).isEqualTo(ContextState.RUNNING);
        store.lose(1, "c-1", 2, true, "stopped", NOW);
        assertThat(state("second")).isEqualTo(ContextState.ERROR);
        assertThat(store.find(1, "first").orElseThrow().message()).isEqualTo("restarted");
    }

    @Test
    void whatWasUsedIsNeitherExpiredNorEvicted() {
        CommandContext used = make(ALICE, "used", 1);
        Instant later = NOW.plus(Duration.ofHours(1));
        database.transact(tx -> store.used(tx, used, later));

        assertThat(store.expire(used, later, "idle", later)).isFalse();
        boolean evicted =
                database.inTransaction(tx -> store.evict(tx, 1, "c-1", later.plusSeconds(1), "made room", later));
        assertThat(evicted).isFalse();
        assertThat(counts(ALICE)).isEqualTo(new ContextStore.Counts(1, 1, 1));
        assertThat(store.expire(used, later.plusSeconds(1), "idle", later)).isTrue();
        assertThat(counts(ALICE)).isEqualTo(new ContextStore.Counts(0, 0, 0));
    }

    @Test
    void aContextIsDestroyedOnce() {
        CommandContext context = make(ALICE, "context-1", 1);

        assertThat(database.<Boolean>inTransaction(tx -> store.destroy(tx, context, NOW)))
                .isTrue();
        assertThat(database.<Boolean>inTransaction(tx -> store.destroy(tx, context, NOW)))
                .isFalse();
        assertThat(new SweepStore(database).destroyed(10))
                .extracting(CommandContext::contextId)
                .containsExactly("context-1");
    }

    private CommandContext make(Caller person, String id, long epoch) {
        var wanted = new ContextStore.Wanted(person, id, "c-1", epoch, CommandLanguage.SQL, ContextState.RUNNING);
        database.transact(tx -> store.insert(tx, wanted, NOW));
        return store.find(person.workspaceId(), id).orElseThrow();
    }

    private ContextState state(String id) {
        return store.find(1, id).orElseThrow().state();
    }

    private ContextStore.Counts counts(Caller person) {
        return database.inTransaction(tx -> store.counts(tx, person.workspaceId(), "c-1", person.userId()));
    }
}
