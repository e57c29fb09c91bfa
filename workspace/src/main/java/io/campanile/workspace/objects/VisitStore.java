package io.campanile.workspace.objects;

import static io.campanile.workspace.db.Tables.GETTING_STARTED;
import static io.campanile.workspace.db.Tables.TREE_OBJECT;
import static io.campanile.workspace.db.Tables.VISIT;
import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Records;

/** All SQL of what a user sees first: the notebooks last opened and the first notebook. */
public final class VisitStore {
    private static final Duration GRAIN = Duration.ofSeconds(10);
    private final Database database;

    public VisitStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** The first notebook of a user: the id it has or will have, and whether it has been made. */
    record FirstNotebook(long objectId, boolean made) {}

    /** Notes that a user opened a live notebook; often repeated calls write seldom. */
    void visited(long workspaceId, long userId, long objectId, Instant now) {
        database.context()
                .insertInto(VISIT)
                .set(VISIT.WORKSPACE_ID, workspaceId)
                .set(VISIT.USER_ID, userId)
                .set(VISIT.OBJECT_ID, objectId)
                .set(VISIT.VISITED_AT, now.atOffset(ZoneOffset.UTC))
                .onConflict(VISIT.WORKSPACE_ID, VISIT.USER_ID, VISIT.OBJECT_ID)
                .doUpdate()
                .set(VISIT.VISITED_AT, now.atOffset(ZoneOffset.UTC))
                .where(VISIT.VISITED_AT.lt(now.minus(GRAIN).atOffset(ZoneOffset.UTC)))
                .execute();
    }

    /** The ids of the live notebooks a user opened last, the latest first. */
    List<Long> recent(long workspaceId, long userId, int limit) {
        return database.context()
                .select(VISIT.OBJECT_ID)
                .from(VISIT)
                .join(TREE_OBJECT)
                .on(TREE_OBJECT.WORKSPACE_ID.eq(VISIT.WORKSPACE_ID))
                .and(TREE_OBJECT.OBJECT_ID.eq(VISIT.OBJECT_ID))
                .where(VISIT.WORKSPACE_ID.eq(workspaceId))
                .and(VISIT.USER_ID.eq(userId))
                .and(TREE_OBJECT.TRASHED_AT.isNull())
                .orderBy(VISIT.VISITED_AT.desc(), VISIT.OBJECT_ID.desc())
                .limit(limit)
                .fetch(VISIT.OBJECT_ID);
    }

    /** Keeps {@code objectId} for the user's first notebook unless one is kept already; answers the kept one. */
    FirstNotebook reserve(long workspaceId, long userId, long objectId) {
        database.context()
                .insertInto(GETTING_STARTED)
                .set(GETTING_STARTED.WORKSPACE_ID, workspaceId)
                .set(GETTING_STARTED.USER_ID, userId)
                .set(GETTING_STARTED.OBJECT_ID, objectId)
                .onConflictDoNothing()
                .execute();
        return first(workspaceId, userId).orElseThrow();
    }

    Optional<FirstNotebook> first(long workspaceId, long userId) {
        return database.context()
                .select(GETTING_STARTED.OBJECT_ID, GETTING_STARTED.SEEDED_AT.isNotNull())
                .from(GETTING_STARTED)
                .where(GETTING_STARTED.WORKSPACE_ID.eq(workspaceId))
                .and(GETTING_STARTED.USER_ID.eq(userId))
                .fetchOptional(Records.mapping(FirstNotebook::new));
    }

    /** The first notebook has been made, once and for all. */
    static void seeded(DSLContext tx, long workspaceId, long userId, Instant now) {
        tx.update(GETTING_STARTED)
                .set(GETTING_STARTED.SEEDED_AT, now.atOffset(ZoneOffset.UTC))
                .where(GETTING_STARTED.WORKSPACE_ID.eq(workspaceId))
                .and(GETTING_STARTED.USER_ID.eq(userId))
                .execute();
    }
}
