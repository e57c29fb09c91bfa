package io.campanile.clusters.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.clusters.cost.PriceStore;
import io.campanile.clusters.cost.Prices;
import io.campanile.clusters.cost.UsageStore;
import io.campanile.clusters.node.NodeStore;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.testing.SettableClock;
import io.campanile.common.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The SQL of clusters, their events and what is taken away of them, with a second workspace that finds nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClusterStoreTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager");
    private final ClusterStore store = new ClusterStore(database);
    private final SettableClock clock = new SettableClock();
    private final UsageStore usage = new UsageStore(database, new PriceStore(database, Prices.of("", "EUR")));
    private final ClusterSweep sweep = new ClusterSweep(store, database, usage, Duration.ofDays(400), clock, () -> {});

    ClusterStoreTest() {
        database.transact(tx -> tx.execute("insert into deployment values (1, 'test', 0)"));
    }

    @AfterAll
    void stop() {
        sweep.close();
        database.close();
    }

    @Test
    void whatIsStoredIsReadWithItsPinAndItsOwner() {
        Cluster stored = cluster(1, "stored", ended(5));

        assertThat(store.insert(Change.of(stored), ann(1))).isTrue();
        assertThat(store.find(1, "stored")).contains(stored);
        assertThat(store.find(2, "stored")).isEmpty();
        apply(1, "stored", ClusterLife.pinned(stored, "ann@example.com", 9));
        assertThat(store.find(1, "stored").orElseThrow().pin()).isEqualTo(new Cluster.Pin("ann@example.com", 9));
        apply(1, "stored", Change.of(stored.of(new Cluster.Owner(8, "bob@example.com"))));
        Cluster given = store.find(1, "stored").orElseThrow();
        assertThat(given.owner().userName()).isEqualTo("bob@example.com");
        assertThat(given.pin()).isNull();
        assertThat(store.change(2, "stored", known -> Optional.of(Change.of(known.deleted(1)))))
                .isEmpty();
        assertThat(store.find(1, "stored")).isPresent();
    }

    @Test
    void listsAndEventsAreOfOneWorkspace() {
        for (int i = 0; i < 5; i++) {
            Cluster one = cluster(3, "listed-" + i, ended(5));
            store.insert(ClusterLife.pinned(one, "ann@example.com", i), ann(3));
        }
        store.insert(Change.of(cluster(4, "other", ended(5))), ann(4));

        assertThat(ids(query(3, null, 10))).containsExactly("listed-0", "listed-1", "listed-2", "listed-3", "listed-4");
        assertThat(ids(query(4, null, 10))).containsExactly("other");
        Cluster middle = store.find(3, "listed-2").orElseThrow();
        assertThat(ids(query(3, new ClusterQuery.Cursor(ClusterQuery.Position.of(middle), false), 10)))
                .containsExactly("listed-3", "listed-4");
        assertThat(ids(query(3, new ClusterQuery.Cursor(ClusterQuery.Position.of(middle), true), 10)))
                .containsExactly("listed-0", "listed-1");
        assertThat(ids(query(4, new ClusterQuery.Cursor(ClusterQuery.Position.of(middle), true), 10)))
                .isEmpty();
        assertThat(store.events().count(3, "listed-1", EventType.PINNED, 0)).isEqualTo(1);
        assertThat(store.events().count(4, "listed-1", EventType.PINNED, 0)).isZero();
        assertThat(store.events().page(4, "listed-1", events(null, 10)).total()).isZero();
    }

    @Test
    void eventsAreTurnedBothWaysWhateverHappensMeanwhile() {
        Cluster cluster = cluster(5, "eventful", ended(5));
        List<ClusterEvent> happened = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            // Two of them in one millisecond.
            happened.add(new ClusterEvent(EventType.EDITED, i / 2, Map.of("user", "u" + i)));
        }
        store.insert(new Change(cluster, happened), ann(5));

        EventStore.Page first = store.events().page(5, "eventful", events(null, 2));
        apply(5, "eventful", ClusterLife.pinned(cluster, "later", 99));
        EventQuery.Cursor on = new EventQuery.Cursor(first.entries().get(1).position(), false);
        EventStore.Page second = store.events().page(5, "eventful", events(on, 2));
        EventQuery.Cursor back = new EventQuery.Cursor(second.entries().get(0).position(), true);
        EventStore.Page again = store.events().page(5, "eventful", events(back, 2));

        assertThat(users(first)).containsExactly("u4", "u3");
        assertThat(first.total()).isEqualTo(5);
        assertThat(first.more()).isTrue();
        assertThat(users(second)).containsExactly("u2", "u1");
        assertThat(users(again)).containsExactly("u4", "u3");
        assertThat(again.more()).isTrue();
        assertThat(second.total()).isEqualTo(6);
    }

    @Test
    void aHundredClustersOfAWorkspaceCanBePinned() {
        for (int i = 0; i < PinStore.MOST; i++) {
            Cluster one = cluster(6, "pin-" + i, ended(5));
            store.insert(Change.of(one.pinned(new Cluster.Pin("ann@example.com", 1))), ann(6));
        }
        Cluster last = cluster(6, "pin-last", ended(5));
        store.insert(Change.of(last), ann(6));
        Cluster elsewhere = cluster(7, "pin-elsewhere", ended(5));
        store.insert(Change.of(elsewhere), ann(7));

        assertThatThrownBy(() -> apply(6, "pin-last", ClusterLife.pinned(last, "ann@example.com", 1)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("at most 100 can be");
        apply(7, "pin-elsewhere", ClusterLife.pinned(elsewhere, "ann@example.com", 1));
        Cluster unpinned = store.find(6, "pin-3").orElseThrow();
        apply(6, "pin-3", ClusterLife.unpinned(unpinned, "ann@example.com", 2));
        apply(6, "pin-last", ClusterLife.pinned(last, "ann@example.com", 3));
        assertThat(store.find(6, "pin-last").orElseThrow().pin()).isNotNull();
    }

    @Test
    void whatEndedThirtyDaysAgoIsForgottenUnlessItIsPinned() {
        long now = clock.millis();
        Cluster plain = cluster(8, "sweep-plain", ended(now));
        store.insert(ClusterLife.unpinned(plain, "ann@example.com", now), ann(8));
        store.insert(
                Change.of(cluster(8, "sweep-pinned", ended(now)).pinned(new Cluster.Pin("ann@example.com", now))),
                ann(8));
        store.insert(Change.of(cluster(8, "sweep-default", ended(now), true)), ann(8));
        store.insert(Change.of(cluster(8, "sweep-later", ended(now + DAY))), ann(8));

        clock.advance(Duration.ofDays(30).minusSeconds(1));
        sweep.sweep();
        assertThat(ids(query(8, null, 10))).contains("sweep-plain");
        clock.advance(Duration.ofSeconds(1));
        sweep.sweep();
        assertThat(ids(query(8, null, 10))).containsExactlyInAnyOrder("sweep-pinned", "sweep-default", "sweep-later");
        assertThat(store.find(8, "sweep-plain")).isEmpty();
        assertThat(rows("sweep-plain")).isEqualTo(1);
        assertThat(store.events().count(8, "sweep-plain", EventType.UNPINNED, 0))
                .isEqualTo(1);
        clock.advance(Duration.ofDays(1));
        sweep.sweep();
        assertThat(rows("sweep-plain")).isZero();
        assertThat(store.events().count(8, "sweep-plain", EventType.UNPINNED, 0))
                .isZero();
        assertThat(ids(query(8, null, 10))).containsExactlyInAnyOrder("sweep-pinned", "sweep-default");
    }

    @Test
    void nodesThatEndedAreForgottenWithTheirLogsButNotThoseOfThePresentEpoch() {
        long now = clock.millis();
        Cluster cluster = cluster(12, "noded", ended(now), true);
        store.insert(Change.of(cluster), ann(12));
        var nodes = new NodeStore(database);
        gone(nodes, 12, "noded", cluster.epoch() - 1, "before", now);
        gone(nodes, 12, "noded", cluster.epoch(), "present", now);
        gone(nodes, 0, null, 0, "of the pool", now);
        nodes.request(intent(0, null, 0, "living"), now);

        clock.advance(Duration.ofDays(7));
        sweep.sweep();
        assertThat(nodes.find("before")).isPresent();
        clock.advance(Duration.ofMillis(1));
        sweep.sweep();

        assertThat(nodes.find("before")).isEmpty();
        assertThat(nodes.find("of the pool")).isEmpty();
        assertThat(nodes.find("present")).isPresent();
        assertThat(nodes.find("living")).isPresent();
    }

    private static void gone(
            NodeStore nodes, long workspaceId, @Nullable String clusterId, long epoch, String id, long at) {
        nodes.request(intent(workspaceId, clusterId, epoch, id), at);
        nodes.stop(id, "test", false, at);
        nodes.gone(id, at);
    }

    private static NodeStore.Intent intent(long workspaceId, @Nullable String clusterId, long epoch, String id) {
        return new NodeStore.Intent(
                id,
                workspaceId,
                clusterId,
                epoch,
                null,
                ClusterSpec.ofDefault("ann").shape(),
                "hash");
    }

    @Test
    void eventsAreKeptForSixtyDays() {
        long now = clock.millis();
        Cluster cluster = cluster(9, "old-events", ended(now)).pinned(new Cluster.Pin("ann@example.com", now));
        store.insert(
                new Change(
                        cluster,
                        List.of(
                                new ClusterEvent(EventType.CREATING, now, Map.of()),
                                new ClusterEvent(EventType.PINNED, now, Map.of()))),
                ann(9));

        clock.advance(Duration.ofDays(60));
        sweep.sweep();
        assertThat(store.events().page(9, "old-events", events(null, 5)).total())
                .isEqualTo(2);
        clock.advance(Duration.ofMillis(1));
        sweep.sweep();

        assertThat(store.events().page(9, "old-events", events(null, 5)).events())
                .singleElement()
                .satisfies(event -> assertThat(event.type()).isEqualTo(EventType.PINNED));
    }

    @Test
    void aClusterEndsWhenItHasRunForAsLongAsItsWorkspaceAllows() {
        new LifetimeStore(database).set(ann(10), 60);
        long now = clock.millis();
        ClusterStatus running = ClusterStatus.created("", 0, now).running("n1", 0, now);
        store.insert(Change.of(cluster(10, "long", running, Desired.RUNNING, false)), ann(10));
        store.insert(Change.of(cluster(11, "free", running, Desired.RUNNING, false)), ann(11));

        clock.advance(Duration.ofMinutes(59));
        sweep.sweep();
        assertThat(store.find(10, "long").orElseThrow().state()).isEqualTo(ClusterState.RUNNING);
        clock.advance(Duration.ofMinutes(1));
        sweep.sweep();

        Cluster ending = store.find(10, "long").orElseThrow();
        assertThat(ending.state()).isEqualTo(ClusterState.TERMINATING);
        assertThat(ending.status().termination()).isEqualTo(Termination.lifetime(60));
        assertThat(ending.status().message()).contains("60 minutes");
        assertThat(store.find(11, "free").orElseThrow().state()).isEqualTo(ClusterState.RUNNING);
        assertThat(new LifetimeStore(database).minutes(11)).isZero();
        assertThat(new LifetimeStore(database).minutes(10)).isEqualTo(60);
    }

    private int rows(String clusterId) {
        return database.acrossWorkspaces("the test counts what is left")
                .fetchOne("select count(*) from cluster where cluster_id = ?", clusterId)
                .into(Integer.class);
    }

    private void apply(long workspaceId, String id, Change change) {
        store.change(workspaceId, id, known -> Optional.of(change));
    }

    private List<String> ids(ClusterQuery query) {
        return store.lists().page(query).stream().map(Cluster::clusterId).toList();
    }

    private static ClusterQuery query(long workspaceId, ClusterQuery.@Nullable Cursor cursor, int limit) {
        return new ClusterQuery(workspaceId, null, ClusterQuery.Filter.NONE, ClusterQuery.Sort.DEFAULT, cursor, limit);
    }

    private static EventQuery events(EventQuery.@Nullable Cursor cursor, int limit) {
        return new EventQuery(null, null, List.of(), false, 0, limit, cursor);
    }

    private static List<Object> users(EventStore.Page page) {
        return page.events().stream().map(event -> event.details().get("user")).toList();
    }

    private static Caller ann(long workspaceId) {
        return new Caller(workspaceId, 7, "ann@example.com", true, null, "request-1").doing("clusters.test");
    }

    private static ClusterStatus ended(long at) {
        return ClusterStatus.created("", 0, at)
                .terminating(Termination.byUser("ann@example.com"), "", false, at)
                .stopped(at);
    }

    private static Cluster cluster(long workspaceId, String id, ClusterStatus status) {
        return cluster(workspaceId, id, status, false);
    }

    private static Cluster cluster(long workspaceId, String id, ClusterStatus status, boolean isDefault) {
        return cluster(workspaceId, id, status, Desired.TERMINATED, isDefault);
    }

    private static Cluster cluster(
            long workspaceId, String id, ClusterStatus status, Desired desired, boolean isDefault) {
        return new Cluster(
                id,
                workspaceId,
                new Cluster.Owner(7, "ann@example.com"),
                isDefault,
                "API",
                null,
                ClusterSpec.ofDefault("ann"),
                desired,
                1,
                1,
                status,
                1,
                null,
                null);
    }
}
