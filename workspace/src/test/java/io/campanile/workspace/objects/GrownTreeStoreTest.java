package io.campanile.workspace.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.db.Database;
import io.campanile.common.db.DatabaseSettings;
import io.campanile.common.testing.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections that planned their statements while a tree was small and go on using them when it has grown. */
final class GrownTreeStoreTest {
    private static final long WORKSPACE = 7;
    private static final int FOLDERS = 20_000;
    /** Enough for the driver to prepare a statement on the server, and for the server to keep one plan for all values. */
    private static final int OFTEN = 20;

    private static final String READ =
            "select (select sum(idx_tup_read) from pg_stat_user_indexes where relname = 'tree_object')"
                    + " + (select sum(seq_tup_read) from pg_stat_user_tables where relname = 'tree_object')";

    @Test
    void aStepInATreeReadsAsLittleWhenItHasGrown() throws Exception {
        DatabaseSettings settings = TestDatabase.create();
        var one = new DatabaseSettings(settings.jdbcUrl(), settings.user(), settings.password(), 1);
        try (Database database = Database.open(one, "workspace", "workspace");
                Connection other = DriverManager.getConnection(
                        settings.jdbcUrl(), settings.user(), settings.password().value())) {
            var store = new ObjectStore(database);
            store.ensureRoots(WORKSPACE, Instant.now());
            long shared = store.walk(WORKSPACE, List.of("Shared")).get(1).objectId();
            look(database, store, "Shared", shared, shared);
            long last = grow(other, shared);

            long before = read(other);
            look(database, store, "f" + FOLDERS, shared, last);

            // Three statements with at most three rows each; the statistics of a plan's own look-ups come on top.
            assertThat(read(other) - before).isLessThan(OFTEN * 100L);
        }
    }

    private static void look(Database database, ObjectStore store, String name, long parent, long object) {
        for (int i = 0; i < OFTEN; i++) {
            assertThat(store.walk(WORKSPACE, name.equals("Shared") ? List.of(name) : List.of("Shared", name)))
                    .last()
                    .extracting(WorkspaceObject::objectId)
                    .isEqualTo(object);
            assertThat(store.locate(WORKSPACE, object)).isPresent();
            assertThat(store.locateAll(WORKSPACE, List.of(object, parent))).isNotEmpty();
        }
        // What the pool's only connection has counted is told with the end of this.
        database.acrossWorkspaces("it looks at no table").execute("select pg_stat_force_next_flush()");
    }

    /** Many folders in one; the last one's id. */
    private static long grow(Connection connection, long parent) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into workspace.tree_object (workspace_id, object_id, parent_id, name, folded_name,"
                            + " object_type, created_at, modified_at) select " + WORKSPACE
                            + ", nextval('workspace.tree_object_id_seq'), " + parent
                            + ", 'f' || n, 'f' || n, 'DIRECTORY', now(), now() from generate_series(1, " + FOLDERS
                            + ") n");
            statement.execute("vacuum analyze workspace.tree_object");
            return number(statement, "select object_id from workspace.tree_object where name = 'f" + FOLDERS + "'");
        }
    }

    private static long read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("select pg_stat_clear_snapshot()");
            return number(statement, READ);
        }
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }
}
