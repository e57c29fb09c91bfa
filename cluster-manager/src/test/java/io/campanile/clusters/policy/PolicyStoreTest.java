package io.campanile.clusters.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.Grant;
import io.campanile.common.testing.TestDatabase;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The SQL of policies, with a second workspace that finds nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PolicyStoreTest {
    private static final Caller ANN = new Caller(1, 7, "ann@example.com", true, null, "request-1");
    private static final Caller EVE = new Caller(2, 7, "eve@example.com", true, null, "request-1");

    private final Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager");
    private final PolicyStore store = new PolicyStore(database);

    @AfterAll
    void stop() {
        database.close();
    }

    @Test
    void whatIsStoredIsReadAndChanged() {
        Policy policy = policy(1, "A1", "stored", 3L);

        assertThat(store.insert(policy, ANN)).isTrue();
        assertThat(store.find(1, "A1")).contains(policy);
        assertThat(store.insert(policy(1, "A2", "stored", null), ANN)).isFalse();
        assertThat(store.insert(policy(1, "A3", "other", null), ANN)).isTrue();
        assertThat(store.update(policy(1, "A3", "stored", null), ANN)).isEqualTo(PolicyStore.Updated.NAME_TAKEN);
        assertThat(store.update(policy(1, "A1", "renamed", 1L), ANN)).isEqualTo(PolicyStore.Updated.DONE);
        assertThat(store.find(1, "A1")).contains(policy(1, "A1", "renamed", 1L));
        assertThat(store.delete(policy, ANN)).isTrue();
        assertThat(store.delete(policy, ANN)).isFalse();
        assertThat(store.update(policy, ANN)).isEqualTo(PolicyStore.Updated.GONE);
    }

    @Test
    void anotherWorkspaceFindsAndChangesNothing() {
        Policy ours = policy(1, "B1", "ours", 2L);
        store.insert(ours, ANN);
        database.transact(
                tx -> AclStore.give(tx, 1, new Grant(PolicyStore.ref("B1"), 8, PrincipalKind.USER, PolicyTargets.USE)));

        assertThat(store.find(2, "B1")).isEmpty();
        assertThat(store.list(new PolicyQuery(2, null, true, true))).isEmpty();
        assertThat(store.list(new PolicyQuery(2, Set.of(8L), true, true))).isEmpty();
        assertThat(store.list(new PolicyQuery(1, Set.of(8L), true, true))).containsExactly(ours);
        assertThat(store.given(new Caller(1, 8, "bob@example.com", false, null, "r"), "B1"))
                .isTrue();
        assertThat(store.given(new Caller(2, 8, "bob@example.com", false, null, "r"), "B1"))
                .isFalse();
        database.transact(tx -> {
            assertThat(PolicyStore.lock(tx, 2, "B1")).isEmpty();
            assertThat(PolicyStore.lock(tx, 1, "B1")).contains(new PolicyStore.Limit("ours", 2L));
        });
        Policy theirs = policy(2, "B1", "theirs", null);
        assertThat(store.update(theirs, EVE)).isEqualTo(PolicyStore.Updated.GONE);
        assertThat(store.delete(theirs, EVE)).isFalse();
        assertThat(store.insert(policy(2, "B1", "ours", null), EVE)).isTrue();
        assertThat(store.find(1, "B1")).contains(ours);
    }

    private static Policy policy(long workspaceId, String id, String name, @Nullable Long most) {
        return new Policy(
                id, workspaceId, new PolicySettings(name, null, "{}", null, null, null, most), 7, "ann@example.com", 5);
    }
}
