package io.campanile.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.campanile.common.db.Database;
import io.campanile.common.testing.TenantTables;
import io.campanile.common.testing.TestDatabase;
import org.junit.jupiter.api.Test;

/** The second fence between workspaces, around every table as this service opens it. */
final class TenantFenceTest {
    @Test
    void noStatementReachesATableWithoutItsWorkspace() {
        try (Database database = Database.open(TestDatabase.create(), "identity", "identity")) {
            TenantTables tables = new TenantTables(database, "identity");

            assertThat(tables.holes()).isEmpty();
            assertThat(tables.reached()).isEqualTo(tables.fenced()).contains("audit_event", "object_acl", "data_key");
            // People, their passwords and who vouches for them are above workspaces (ADR 16), and so are keys that
            // sign.
            assertThat(tables.open())
                    .containsExactly("known_address", "person", "signing_key", "sso_link", "sso_logout_token");
        }
    }
}
