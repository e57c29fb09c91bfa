package io.campanile.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.db.Database;
import io.campanile.common.testing.TenantTables;
import io.campanile.common.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** The second fence between workspaces, around every table as this service opens it. */
final class TenantFenceTest {
    @Test
    void noStatementReachesATableWithoutItsWorkspace() {
        try (Database database = Database.open(TestDatabase.create(), "cluster_manager", "cluster-manager")) {
            TenantTables tables = new TenantTables(database, "cluster_manager");

            assertThat(tables.holes()).isEmpty();
            assertThat(tables.reached()).isEqualTo(tables.fenced()).contains("audit_event", "object_acl", "data_key");
            // The one row of the installation, and its prices.
            assertThat(tables.open()).containsExactly("deployment", "node_price");
        }
    }
}
