package io.campanile.clusters.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.json.Json;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.Grant;
import io.campanile.common.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The SQL of pools, with a second workspace that finds nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PoolStoreTest {
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller EVE = new Caller(2, 7, "eve@example.com", true, null, "request-1");
    private static final Caller BOB = new Caller(1, 8, "bob@example.com", false, null, "request-1");

    private final Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager");
    private final PoolStore store = new PoolStore(database);

    @AfterAll
    void stop() {
        database.close();
    }

    @Test
    void whatIsStoredIsReadAndChanged() {
        Pool pool = pool(1, "stored", "stored", 3);

        assertThat(store.insert(pool, ANN)).isTrue();
        assertThat(store.find(1, "stored")).contains(pool);
        assertThat(store.insert(pool(1, "other", "stored", null), ANN)).isFalse();
        assertThat(store.insert(pool(1, "other", "other", null), ANN)).isTrue();
        assertThat(store.update(pool(1, "other", "stored", null), ANN)).isEqualTo(PoolStore.Updated.NAME_TAKEN);
        assertThat(store.update(pool(1, "stored", "renamed", null), ANN)).isEqualTo(PoolStore.Updated.DONE);
        assertThat(store.find(1, "stored")).contains(pool(1, "stored", "renamed", null));
        assertThat(store.delete(pool, ANN)).isTrue();
        assertThat(store.delete(pool, ANN)).isFalse();
        assertThat(store.update(pool, ANN)).isEqualTo(PoolStore.Updated.GONE);
    }

    @Test
    void whatIsInTheWayIsKeptAndTakenBack() {
        Pool pool = pool(1, "troubled", "troubled", 3);
        store.insert(pool, ANN);

        store.trouble(pool, new Pool.Trouble("n1", "x".repeat(5_000)));
        assertThat(store.find(1, "troubled").orElseThrow().trouble())
                .isEqualTo(new Pool.Trouble("n1", "x".repeat(4_096)));
        store.trouble(pool, new Pool.Trouble(null, "No memory"));
        assertThat(store.find(1, "troubled").orElseThrow().trouble()).isEqualTo(new Pool.Trouble(null, "No memory"));
        store.update(pool, ANN);
        assertThat(store.find(1, "troubled").orElseThrow().trouble()).isNotNull();
        store.trouble(pool, null);
        assertThat(store.find(1, "troubled")).contains(pool);
    }

    @Test
    void anotherWorkspaceFindsAndChangesNothing() {
        Pool ours = pool(1, "ours", "ours", 2);
        store.insert(ours, ANN);
        database.transact(
                tx -> AclStore.give(tx, 1, new Grant(PoolStore.ref("ours"), 8, PrincipalKind.USER, "CAN_ATTACH_TO")));

        assertThat(store.find(2, "ours")).isEmpty();
        assertThat(store.list(EVE)).isEmpty();
        assertThat(store.list(BOB)).containsExactly(ours);
        assertThat(store.given(BOB, "ours")).isEqualTo(PoolPermission.CAN_ATTACH_TO);
        assertThat(store.given(new Caller(2, 8, "bob@example.com", false, null, "r"), "ours"))
                .isEqualTo(PoolPermission.NONE);
        Pool theirs = pool(2, "ours", "theirs", null);
        store.trouble(theirs, new Pool.Trouble(null, "not theirs"));
        assertThat(store.update(theirs, EVE)).isEqualTo(PoolStore.Updated.GONE);
        assertThat(store.delete(theirs, EVE)).isFalse();
        store.deleteAll(2);
        assertThat(store.find(1, "ours")).contains(ours);
        assertThat(store.insert(pool(2, "ours", "ours", null), EVE)).isTrue();
        assertThat(store.all()).extracting(Pool::workspaceId).contains(1L, 2L);
    }

    @Test
    void aWorkspaceHasAHundred() {
        for (int i = 0; i < 100; i++) {
            store.insert(pool(3, "p" + i, "p" + i, null), EVE);
        }

        assertThatThrownBy(() -> store.insert(pool(3, "more", "more", null), EVE))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("at most 100 instance pools");
    }

    private static Pool pool(long workspaceId, String id, String name, @Nullable Integer most) {
        PoolSettings settings = new PoolSettings(
                name,
                "local.small",
                1,
                most,
                30,
                Map.of("team", "blue"),
                List.of("4.0.x-scala2.13"),
                Map.of("enable_elastic_disk", Json.MAPPER.getNodeFactory().booleanNode(true)));
        return new Pool(id, workspaceId, settings, 7, "ann@example.com", 5, null);
    }
}
