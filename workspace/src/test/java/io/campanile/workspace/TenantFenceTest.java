package io.campanile.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.db.Database;
import io.campanile.common.testing.TenantTables;
import io.campanile.common.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** The second fence between workspaces, around every table as this service opens it. */
final class TenantFenceTest {
    @Test
    void noStatementReachesATableWithoutItsWorkspace() {
        try (Database database = Database.open(TestDatabase.create(), "workspace", "workspace")) {
            TenantTables tables = new TenantTables(database, "workspace");

            assertThat(tables.holes()).isEmpty();
            assertThat(tables.reached()).isEqualTo(tables.fenced()).contains("audit_event", "object_acl", "data_key");
            assertThat(tables.open()).isEmpty();
        }
    }
}
