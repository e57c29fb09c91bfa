package io.campanile.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.campanile.common.db.Database;
import io.campanile.common.db.TenantFence;
import io.campanile.common.testing.TenantTables;
import io.campanile.common.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The fence on a database: what it refuses has not happened, and what it is asked to let pass does. */
final class TenantFenceTest {
    private static Database database;

    @BeforeAll
    static void open() {
        database = Database.open(TestDatabase.create(), "tests", "tests");
        for (int workspace = 1; workspace <= 2; workspace++) {
            database.context()
                    .execute(
                            "insert into sealed (workspace_id, name, value) values (?, 'kept', 'x'::bytea)", workspace);
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void noTableIsReachedWithoutItsWorkspace() {
        TenantTables tables = new TenantTables(database, "tests");

        assertThat(tables.fenced()).containsExactly("acl_change", "audit_event", "data_key", "object_acl", "sealed");
        assertThat(tables.holes()).isEmpty();
        assertThat(tables.reached()).isEqualTo(tables.fenced());
    }

    @Test
    void whatIsRefusedHasNotHappenedAndUndoesItsTransaction() {
        assertThatThrownBy(() -> database.transact(tx -> {
                    tx.execute("update sealed set value = 'y'::bytea where workspace_id = 1");
                    tx.execute("delete from sealed where name = 'kept'");
                }))
                .isInstanceOf(TenantFence.FenceException.class)
                .hasMessage("sealed is used without its workspace: delete from sealed where name = 'kept'");

        assertThat(database.context().fetchValue("select value from sealed where workspace_id = 1"))
                .isEqualTo(new byte[] {'x'});
        assertThat(count("select count(*) from sealed where workspace_id in (1, 2)"))
                .isEqualTo(2);
    }

    @Test
    void aReasonOpensItForOneContextAlone() {
        var everywhere = database.acrossWorkspaces("a test");

        assertThat(everywhere.fetchValue("select count(*) from sealed")).isEqualTo(2L);
        assertThat(database.<Long>inTransaction(tx ->
                        (Long) TenantFence.acrossWorkspaces(tx, "a test").fetchValue("select count(*) from sealed")))
                .isEqualTo(2L);
        assertThatThrownBy(() -> count("select count(*) from sealed")).isInstanceOf(TenantFence.FenceException.class);
        assertThatThrownBy(() -> database.acrossWorkspaces(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyTextsAreReadAndNoneIsTakenForAnother() {
        for (int i = 0; i < 6_000; i++) {
            int id = i;
            assertThat(count("select count(*) from sealed where workspace_id = 1 and value <> '" + id + "'::bytea"))
                    .isEqualTo(1);
            if (i % 500 == 0) {
                assertThatThrownBy(() -> count("select count(*) from sealed where value <> '" + id + "'::bytea"))
                        .isInstanceOf(TenantFence.FenceException.class);
            }
        }
    }

    private static long count(String sql) {
        return (Long) database.context().fetchValue(sql);
    }
}
