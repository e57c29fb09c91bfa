package io.campanile.common.service;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.db.Database;
import io.campanile.common.db.TenantErasure;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

/** How a service is told that nothing of a workspace, deleted long ago, is to be kept any longer. */
public final class ErasureRoutes {
    /** Where every service that keeps anything of workspaces mounts it. */
    public static final String ERASE = "/internal/workspaces/erase";

    /** Less than a caller waits. */
    private static final Duration AT_ONCE = Duration.ofSeconds(15);

    private final Database database;
    private final TenantErasure rows;
    private final Remains remains;

    /** What a service keeps of a workspace beside its rows. Deletes it; nothing when there is none. */
    public interface Remains {
        void erase(long workspaceId) throws IOException;
    }

    public ErasureRoutes(Database database, TenantErasure rows, Remains remains) {
        this.database = requireNonNull(database, "database");
        this.rows = requireNonNull(rows, "rows");
        this.remains = requireNonNull(remains, "remains");
    }

    public void mount(Endpoints api) {
        api.post(ERASE, Requires.service("workspaces.erase", "workspace"), Map.class, (caller, body) -> {
            if (caller.workspaceId() == 0) {
                throw ApiException.invalid("The caller's token must name the workspace");
            }
            try {
                remains.erase(caller.workspaceId());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            TenantErasure.Erased erased = rows.erase(caller.workspaceId(), AT_ONCE);
            if (erased.rows() > 0) {
                Audit.record(
                        database.context(), caller, "workspace/" + caller.workspaceId(), Map.of("rows", erased.rows()));
            }
            return erased;
        });
    }
}
