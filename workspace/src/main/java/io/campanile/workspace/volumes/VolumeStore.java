package io.campanile.workspace.volumes;

import static io.campanile.workspace.db.Tables.VOLUME;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** All SQL of volumes. Every statement names the workspace, but those of the start, which look after all. */
public final class VolumeStore {
    private final Database database;

    public VolumeStore(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /** False when the workspace has a volume of that name. */
    boolean insert(Caller caller, Volume volume) {
        return database.inTransaction(tx -> {
            boolean inserted = tx.insertInto(VOLUME)
                            .set(VOLUME.WORKSPACE_ID, volume.workspaceId())
                            .set(VOLUME.VOLUME_ID, volume.volumeId())
                            .set(VOLUME.NAME, volume.name())
                            .set(VOLUME.COMMENT, volume.comment())
                            .set(VOLUME.OWNER_ID, volume.ownerId())
                            .set(VOLUME.OWNER_NAME, volume.ownerName())
                            .set(VOLUME.CREATED_BY, volume.createdBy())
                            .set(VOLUME.CREATED_AT, volume.createdAt().atOffset(ZoneOffset.UTC))
                            .set(VOLUME.UPDATED_BY, volume.updatedBy())
                            .set(VOLUME.UPDATED_AT, volume.updatedAt().atOffset(ZoneOffset.UTC))
                            .set(VOLUME.STATE, volume.state().name())
                            .onConflictDoNothing()
                            .execute()
                    == 1;
            if (inserted) {
                record(tx, caller, volume, Map.of());
            }
            return inserted;
        });
    }

    Optional<Volume> find(long workspaceId, String name) {
        return database.context()
                .selectFrom(VOLUME)
                .where(VOLUME.WORKSPACE_ID.eq(workspaceId))
                .and(VOLUME.NAME.eq(name))
                .fetchOptional(VolumeStore::volume);
    }

    /** The volumes the caller may know of, by name, after {@code after}. */
    List<Volume> visible(Caller caller, @Nullable String after, int limit) {
        Condition condition =
                VOLUME.WORKSPACE_ID.eq(caller.workspaceId()).and(VOLUME.STATE.ne(Volume.State.DELETING.name()));
        if (after != null) {
            condition = condition.and(VOLUME.NAME.gt(after));
        }
        if (!caller.admin()) {
            condition = condition.and(seenBy(caller));
        }
        return database.context()
                .selectFrom(VOLUME)
                .where(condition)
                .orderBy(VOLUME.NAME)
                .limit(limit)
                .fetch(VolumeStore::volume);
    }

    private static Condition seenBy(Caller caller) {
        List<Long> principals = principals(caller);
        return VOLUME.OWNER_ID
                .in(principals)
                .or(DSL.exists(DSL.selectOne()
                        .from(GrantStore.ACL)
                        .where(GrantStore.WORKSPACE_ID.eq(caller.workspaceId()))
                        .and(GrantStore.OBJECT_TYPE.eq(GrantStore.VOLUMES))
                        .and(GrantStore.OBJECT_ID.eq(VOLUME.VOLUME_ID))
                        .and(GrantStore.PRINCIPAL_ID.in(principals))));
    }

    /** The caller and all groups the caller is in. */
    static List<Long> principals(Caller caller) {
        List<Long> principals = new ArrayList<>(caller.groups());
        principals.add(caller.userId());
        return principals;
    }

    /** Writes the new facts; with another name the volume is MOVING from now on. False when that name is taken. */
    boolean update(Caller caller, Volume was, Volume is) {
        try {
            database.transact(tx -> {
                boolean moves = !was.name().equals(is.name());
                tx.update(VOLUME)
                        .set(VOLUME.NAME, is.name())
                        .set(VOLUME.COMMENT, is.comment())
                        .set(VOLUME.OWNER_ID, is.ownerId())
                        .set(VOLUME.OWNER_NAME, is.ownerName())
                        .set(VOLUME.UPDATED_BY, is.updatedBy())
                        .set(VOLUME.UPDATED_AT, is.updatedAt().atOffset(ZoneOffset.UTC))
                        .set(VOLUME.STATE, (moves ? Volume.State.MOVING : was.state()).name())
                        .set(VOLUME.MOVING_FROM, moves ? was.name() : was.movingFrom())
                        .where(VOLUME.WORKSPACE_ID.eq(was.workspaceId()))
                        .and(VOLUME.VOLUME_ID.eq(was.volumeId()))
                        .and(VOLUME.NAME.eq(was.name()))
                        .execute();
                record(tx, caller, is, Map.of("name_before", was.name(), "owner", is.ownerName()));
            });
            return true;
        } catch (org.jooq.exception.IntegrityConstraintViolationException e) {
            return false;
        }
    }

    /** From now on nobody finds it, and its files go. */
    void beginDeletion(Caller caller, Volume volume) {
        database.transact(tx -> {
            tx.update(VOLUME)
                    .set(VOLUME.STATE, Volume.State.DELETING.name())
                    .setNull(VOLUME.MOVING_FROM)
                    .where(VOLUME.WORKSPACE_ID.eq(volume.workspaceId()))
                    .and(VOLUME.VOLUME_ID.eq(volume.volumeId()))
                    .execute();
            GrantStore.clear(tx, volume);
            record(tx, caller, volume, Map.of());
        });
    }

    /** Its files have their new place. */
    void moved(Volume volume) {
        database.context()
                .update(VOLUME)
                .set(VOLUME.STATE, Volume.State.ACTIVE.name())
                .setNull(VOLUME.MOVING_FROM)
                .where(VOLUME.WORKSPACE_ID.eq(volume.workspaceId()))
                .and(VOLUME.VOLUME_ID.eq(volume.volumeId()))
                .and(VOLUME.STATE.eq(Volume.State.MOVING.name()))
                .execute();
    }

    /** Its files are gone. */
    void deleted(Volume volume) {
        database.context()
                .deleteFrom(VOLUME)
                .where(VOLUME.WORKSPACE_ID.eq(volume.workspaceId()))
                .and(VOLUME.VOLUME_ID.eq(volume.volumeId()))
                .and(VOLUME.STATE.eq(Volume.State.DELETING.name()))
                .execute();
    }

    /** What a crash left half done, in any workspace. */
    List<Volume> unsettled() {
        return database.acrossWorkspaces("the start settles what a crash left in any workspace")
                .selectFrom(VOLUME)
                .where(VOLUME.STATE.ne(Volume.State.ACTIVE.name()))
                .fetch(VolumeStore::volume);
    }

    private static void record(DSLContext tx, Caller caller, Volume volume, Map<String, ?> details) {
        Audit.record(tx, caller, "volume/" + volume.fullName(), details);
    }

    private static Volume volume(Record row) {
        return new Volume(
                row.get(VOLUME.WORKSPACE_ID),
                row.get(VOLUME.VOLUME_ID),
                row.get(VOLUME.NAME),
                row.get(VOLUME.COMMENT),
                row.get(VOLUME.OWNER_ID),
                row.get(VOLUME.OWNER_NAME),
                row.get(VOLUME.CREATED_BY),
                instant(row.get(VOLUME.CREATED_AT)),
                row.get(VOLUME.UPDATED_BY),
                instant(row.get(VOLUME.UPDATED_AT)),
                Volume.State.valueOf(row.get(VOLUME.STATE)),
                row.get(VOLUME.MOVING_FROM));
    }

    private static Instant instant(java.time.OffsetDateTime time) {
        return time.toInstant();
    }
}
