package io.campanile.workspace.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.testing.TestDatabase;
import io.campanile.workspace.objects.ObjectStore.Placed;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** That no two names of a folder differ by capitals alone, as the database holds it. */
final class FoldedNamesStoreTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final Caller CALLER = new Caller(1, 7, "alice@example.com", true, null, "request-1");
    private static final Caller STRANGER = new Caller(2, 7, "alice@example.com", true, null, "request-1");

    @Test
    void ofTwentyAtOnceOneWins() throws Exception {
        try (Tree tree = new Tree(TestDatabase.create())) {
            long root = tree.root(1);
            ExecutorService threads = Executors.newFixedThreadPool(20);
            try {
                for (int round = 0; round < 10; round++) {
                    String name = "name" + round;
                    List<Callable<Placed>> calls = IntStream.range(0, 20)
                            .<Callable<Placed>>mapToObj(
                                    i -> () -> tree.insert(1, root, i % 2 == 0 ? name : name.toUpperCase(Locale.ROOT)))
                            .toList();
                    List<Placed> placed = new ArrayList<>();
                    for (Future<Placed> each : threads.invokeAll(calls)) {
                        placed.add(each.get());
                    }

                    assertThat(placed).containsOnlyOnce(Placed.DONE);
                    assertThat(placed.stream().filter(Placed.NAME_TAKEN::equals))
                            .hasSize(19);
                }
            } finally {
                threads.shutdown();
            }
            assertThat(tree.store.children(1, root)).hasSize(3 + 10);
        }
    }

    @Test
    void anotherWorkspaceHasItsOwnNames() {
        try (Tree tree = new Tree(TestDatabase.create())) {
            long ours = tree.root(1);
            long theirs = tree.root(2);

            assertThat(tree.insert(1, ours, "Name")).isEqualTo(Placed.DONE);
            assertThat(tree.insert(2, theirs, "name")).isEqualTo(Placed.DONE);

            assertThat(tree.store.alike(1, ours, "NAME").orElseThrow().name()).isEqualTo("Name");
            assertThat(tree.store.alike(2, ours, "NAME")).isEmpty();
            assertThat(tree.store.alike(2, theirs, "NAME").orElseThrow().name()).isEqualTo("name");
            assertThat(tree.store.namesBeginning(2, ours, "NA")).isEmpty();
            assertThat(tree.store.namesBeginning(1, ours, "NA")).containsExactly("name");
        }
    }

    @Test
    void theTrashMayHoldBothAndLetsOneOut() {
        try (Tree tree = new Tree(TestDatabase.create())) {
            long root = tree.root(1);
            long first = tree.made(1, root, "Name");
            tree.trash.trash(CALLER, first, NOW);
            long second = tree.made(1, root, "name");

            assertThat(tree.trash.restore(CALLER, first, root, "Name")).isEqualTo(Placed.NAME_TAKEN);
            assertThat(tree.trash.restore(STRANGER, first, root, "Name")).isEqualTo(Placed.NO_PARENT);
            tree.trash.trash(CALLER, second, NOW);
            assertThat(tree.trash.restore(CALLER, first, root, "Name")).isEqualTo(Placed.DONE);
            assertThat(tree.trash.restore(CALLER, second, root, "name")).isEqualTo(Placed.NAME_TAKEN);
        }
    }

    @Test
    void anObjectChangesItsOwnCapitalsAndComesIntoNobodysWay() {
        try (Tree tree = new Tree(TestDatabase.create())) {
            long root = tree.root(1);
            long folder = tree.made(1, root, "folder");
            long moved = tree.made(1, root, "name");
            tree.made(1, folder, "NAME");

            assertThat(tree.trash.move(CALLER, moved, root, "Name")).isEqualTo(Placed.DONE);
            assertThat(tree.trash.move(CALLER, moved, folder, "Name")).isEqualTo(Placed.NAME_TAKEN);
            assertThat(tree.trash.move(CALLER, moved, root, "FOLDER")).isEqualTo(Placed.NAME_TAKEN);
            assertThat(tree.trash.move(CALLER, moved, folder, "other")).isEqualTo(Placed.DONE);
            assertThat(tree.insert(1, root, "NAME")).isEqualTo(Placed.DONE);
        }
    }

    @Test
    void aTreeFromBeforeTheRuleKeepsItsNames() throws Exception {
        DatabaseSettings settings = TestDatabase.create();
        before(settings);

        try (Tree tree = new Tree(settings)) {
            assertThat(tree.store.children(1, 1).stream().map(WorkspaceObject::name))
                    .containsExactlyInAnyOrder("Repos", "Stra\u00dfe", "name", "NAME", "Name", "STRASSE");
            assertThat(tree.insert(1, 1, "nAME")).isEqualTo(Placed.NAME_TAKEN);
            assertThat(tree.insert(1, 1, "NAME")).isEqualTo(Placed.NAME_TAKEN);
            assertThat(tree.store.alike(1, 1, "NAME").orElseThrow().objectId()).isEqualTo(4);
            assertThat(tree.store.alike(1, 1, "nAME").orElseThrow().objectId()).isEqualTo(3);
            // It stays where it is under its own name, and goes where there is room for it.
            assertThat(tree.trash.move(CALLER, 4, 1, "NAME")).isEqualTo(Placed.DONE);
            assertThat(tree.trash.move(CALLER, 4, 1, "nAme")).isEqualTo(Placed.NAME_TAKEN);
            assertThat(tree.trash.move(CALLER, 4, 1, "other")).isEqualTo(Placed.DONE);
            assertThat(tree.insert(1, 1, "OTHER")).isEqualTo(Placed.NAME_TAKEN);
            // What was thrown away together comes back together.
            assertThat(tree.trash.restore(CALLER, 10, 1, "thrown")).isEqualTo(Placed.DONE);
            assertThat(tree.store.children(1, 10).stream().map(WorkspaceObject::name))
                    .containsExactlyInAnyOrder("X", "x");
            assertThat(tree.store.children(2, 20).stream().map(WorkspaceObject::name))
                    .containsExactlyInAnyOrder("Repos", "name");
            assertThat(tree.trash.restore(CALLER, 13, 1, "naME")).isEqualTo(Placed.NAME_TAKEN);
        }
    }

    private static void before(DatabaseSettings settings) throws SQLException {
        Flyway.configure()
                .dataSource(
                        settings.jdbcUrl(), settings.user(), settings.password().value())
                .schemas("workspace")
                .defaultSchema("workspace")
                .locations("classpath:db/migration/workspace")
                .target("5")
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(
                settings.jdbcUrl(), settings.user(), settings.password().value())) {
            connection.setSchema("workspace");
            var db = DSL.using(connection, SQLDialect.POSTGRES);
            String insert =
                    "insert into tree_object (workspace_id, object_id, parent_id, name, object_type, created_at,"
                            + " modified_at, trashed_at, trash_root_id) values (?, ?, cast(? as bigint), ?, 'DIRECTORY', now(), now(),"
                            + " case when ? then now() end, cast(? as bigint))";
            db.execute(insert, 1, 1, null, "", false, null);
            db.execute(insert, 1, 2, 1, "Repos", false, null);
            db.execute(insert, 1, 3, 1, "name", false, null);
            db.execute(insert, 1, 4, 1, "NAME", false, null);
            db.execute(insert, 1, 5, 1, "Name", false, null);
            db.execute(insert, 1, 6, 1, "Stra\u00dfe", false, null);
            db.execute(insert, 1, 7, 1, "STRASSE", false, null);
            db.execute(insert, 1, 10, 1, "thrown", true, 10L);
            db.execute(insert, 1, 11, 10, "x", true, 10L);
            db.execute(insert, 1, 12, 10, "X", true, 10L);
            db.execute(insert, 1, 13, 1, "naME", true, 13L);
            db.execute(insert, 2, 20, null, "", false, null);
            db.execute(insert, 2, 21, 20, "Repos", false, null);
            db.execute(insert, 2, 22, 20, "name", false, null);
        }
    }

    private static final class Tree implements AutoCloseable {
        final Database database;
        final ObjectStore store;
        final TrashStore trash;

        Tree(DatabaseSettings settings) {
            this.database = Database.open(settings, "workspace", "workspace");
            this.store = new ObjectStore(database);
            this.trash = new TrashStore(database);
        }

        long root(long workspace) {
            store.ensureRoots(workspace, NOW);
            return store.root(workspace).orElseThrow().objectId();
        }

        Placed insert(long workspace, long parent, String name) {
            return store.insert(WorkspaceObject.directory(workspace, store.nextId(), parent, name, NOW));
        }

        long made(long workspace, long parent, String name) {
            long id = store.nextId();
            assertThat(store.insert(WorkspaceObject.directory(workspace, id, parent, name, NOW)))
                    .isEqualTo(Placed.DONE);
            return id;
        }

        @Override
        public void close() {
            database.close();
        }
    }
}
