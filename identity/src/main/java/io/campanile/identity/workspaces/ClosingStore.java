package io.campanile.identity.workspaces;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.PERSON;
import static io.campanile.identity.db.Tables.WORKSPACE_CLOSING;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.TenantFence;
import java.time.Instant;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;

/** The deleted workspaces of which something is still to be ended or erased. */
public final class ClosingStore {
    private final DSLContext db;

    public ClosingStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    record Closing(long workspaceId, Instant closedAt, int attempts) {}

    /** Takes what is due, so that no other process of this service takes it before {@code until}. */
    List<Closing> claim(Instant now, Instant until, int most) {
        return db.transactionResult(configuration -> {
            DSLContext tx = DSL.using(configuration);
            List<Closing> due = TenantFence.acrossWorkspaces(tx, "the work list of all workspaces that close")
                    .select(WORKSPACE_CLOSING.WORKSPACE_ID, WORKSPACE_CLOSING.CLOSED_AT, WORKSPACE_CLOSING.ATTEMPTS)
                    .from(WORKSPACE_CLOSING)
                    .where(WORKSPACE_CLOSING.NEXT_ATTEMPT_AT.le(now))
                    .orderBy(WORKSPACE_CLOSING.NEXT_ATTEMPT_AT)
                    .limit(most)
                    .forUpdate()
                    .skipLocked()
                    .fetch(Records.mapping(Closing::new));
            for (Closing closing : due) {
                tx.update(WORKSPACE_CLOSING)
                        .set(WORKSPACE_CLOSING.ATTEMPTS, closing.attempts() + 1)
                        .set(WORKSPACE_CLOSING.NEXT_ATTEMPT_AT, until)
                        .where(WORKSPACE_CLOSING.WORKSPACE_ID.eq(closing.workspaceId()))
                        .execute();
            }
            return due;
        });
    }

    void again(long workspaceId, Instant at) {
        db.update(WORKSPACE_CLOSING)
                .set(WORKSPACE_CLOSING.NEXT_ATTEMPT_AT, at)
                .where(WORKSPACE_CLOSING.WORKSPACE_ID.eq(workspaceId))
                .execute();
    }

    /** Forgets people who are in no workspace any more, as one who is removed from their last one is forgotten. */
    public void forgetNobodys() {
        TenantFence.acrossWorkspaces(db, "whoever is in no workspace any more is forgotten")
                .deleteFrom(PERSON)
                .whereNotExists(DSL.selectOne().from(ACCOUNT).where(ACCOUNT.USER_ID.eq(PERSON.USER_ID)))
                .execute();
    }

    void done(long workspaceId) {
        db.deleteFrom(WORKSPACE_CLOSING)
                .where(WORKSPACE_CLOSING.WORKSPACE_ID.eq(workspaceId))
                .execute();
    }
}
