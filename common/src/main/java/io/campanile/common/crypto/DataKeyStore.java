package io.campanile.common.crypto;

import io.campanile.common.db.TenantFence;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectJoinStep;
import org.jooq.Table;
import org.jooq.impl.DSL;

/** All SQL of data keys. What concerns the master key goes over all workspaces; nothing else does. */
final class DataKeyStore {
    private static final Table<Record> DATA_KEY = DSL.table("data_key");
    private static final Field<Long> WORKSPACE = DSL.field("workspace_id", Long.class);
    private static final Field<Integer> VERSION = DSL.field("version", Integer.class);
    private static final Field<String> MASTER = DSL.field("master_key_id", String.class);
    private static final Field<byte[]> WRAPPED = DSL.field("wrapped", byte[].class);

    /** Any number that nothing else locks in this database. */
    private static final long MASTER_LOCK = 0x63616d7061_6b6579L;

    private DataKeyStore() {}

    /** Until the transaction ends no other one can pass to another master key. */
    static void holdMaster(DSLContext tx) {
        tx.fetch("select pg_advisory_xact_lock_shared({0})", DSL.val(MASTER_LOCK));
    }

    /** Waits for transactions that wrap by the old master key; later ones see the new one. */
    static void passMaster(DSLContext tx) {
        tx.fetch("select pg_advisory_xact_lock({0})", DSL.val(MASTER_LOCK));
    }

    /** The newest key, kept from being retired until the transaction ends. */
    static Optional<DataKey> newest(DSLContext tx, long workspaceId) {
        return select(tx)
                .where(WORKSPACE.eq(workspaceId))
                .orderBy(VERSION.desc())
                .limit(1)
                .forKeyShare()
                .fetchOptional(DataKeyStore::read);
    }

    static Optional<DataKey> find(DSLContext db, long workspaceId, int version) {
        return select(db)
                .where(WORKSPACE.eq(workspaceId))
                .and(VERSION.eq(version))
                .fetchOptional(DataKeyStore::read);
    }

    /** False when the workspace has that version already. */
    static boolean insert(DSLContext tx, DataKey key) {
        return tx.insertInto(DATA_KEY, WORKSPACE, VERSION, MASTER, WRAPPED)
                        .values(key.workspaceId(), key.version(), key.masterKeyId(), key.wrapped())
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** Whether any workspace has a key. */
    static boolean any(DSLContext db) {
        return ofAllWorkspaces(db).fetchExists(DATA_KEY);
    }

    /** The master keys that wrap any. */
    static List<String> masterKeyIds(DSLContext db) {
        return ofAllWorkspaces(db).selectDistinct(MASTER).from(DATA_KEY).fetch(MASTER);
    }

    /** Keys of all workspaces that another master key wraps, locked. */
    static List<DataKey> notWrappedBy(DSLContext tx, String masterKeyId) {
        return select(ofAllWorkspaces(tx))
                .where(MASTER.ne(masterKeyId))
                .orderBy(WORKSPACE, VERSION)
                .forNoKeyUpdate()
                .fetch(DataKeyStore::read);
    }

    static void rewrapped(DSLContext tx, DataKey key) {
        tx.update(DATA_KEY)
                .set(MASTER, key.masterKeyId())
                .set(WRAPPED, key.wrapped())
                .where(WORKSPACE.eq(key.workspaceId()))
                .and(VERSION.eq(key.version()))
                .execute();
    }

    /** Waits for transactions that seal under older versions; new ones take the newest. */
    static void lockBefore(DSLContext tx, long workspaceId, int version) {
        tx.select(VERSION)
                .from(DATA_KEY)
                .where(WORKSPACE.eq(workspaceId))
                .and(VERSION.lt(version))
                .orderBy(VERSION)
                .forUpdate()
                .fetch();
    }

    static void deleteBefore(DSLContext tx, long workspaceId, int version) {
        tx.deleteFrom(DATA_KEY)
                .where(WORKSPACE.eq(workspaceId))
                .and(VERSION.lt(version))
                .execute();
    }

    /** Workspaces whose rotation was begun and not ended. */
    static List<Long> withSeveral(DSLContext db) {
        return ofAllWorkspaces(db)
                .select(WORKSPACE)
                .from(DATA_KEY)
                .groupBy(WORKSPACE)
                .having(DSL.count().gt(1))
                .fetch(WORKSPACE);
    }

    private static DSLContext ofAllWorkspaces(DSLContext db) {
        return TenantFence.acrossWorkspaces(db, "one master key wraps the keys of all workspaces");
    }

    private static SelectJoinStep<? extends Record> select(DSLContext db) {
        return db.select(WORKSPACE, VERSION, MASTER, WRAPPED).from(DATA_KEY);
    }

    private static DataKey read(Record row) {
        return new DataKey(row.get(WORKSPACE), row.get(VERSION), row.get(MASTER), row.get(WRAPPED));
    }
}
