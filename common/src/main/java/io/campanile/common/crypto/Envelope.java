package io.campanile.common.crypto;

import static java.util.Objects.requireNonNull;

import io.campanile.common.db.Database;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jooq.DSLContext;

/**
 * Seals bytes under the data key of a workspace (0 = of the whole installation) and opens them again. What is sealed
 * names the version of its key, and opens only at the place it was sealed for: workspace, table or kind, and key of the
 * row. So nobody with a hand on the database can move a value to where they may read it.
 */
public final class Envelope {
    private static final byte FORMAT = 1;
    private static final int HEADER_BYTES = 5;
    private static final String WRAPPING = "data-key";

    private final Database database;
    private final MasterKeys masters;

    public Envelope(Database database, MasterKeys masters) {
        this.database = requireNonNull(database, "database");
        this.masters = requireNonNull(masters, "masters");
    }

    /**
     * Seals for storing within the same transaction; the key cannot be retired before its end.
     *
     * @param kind what is sealed, such as {@code secret}
     * @param place which one: what the row is found by
     */
    public byte[] seal(DSLContext tx, long workspaceId, byte[] plain, String kind, String... place) {
        DataKey key = DataKeyStore.newest(tx, workspaceId).orElseGet(() -> first(tx, workspaceId));
        byte[] sealed = AesGcm.seal(unwrap(key), plain, AesGcm.associated(workspaceId, key.version(), kind, place));
        return ByteBuffer.allocate(HEADER_BYTES + sealed.length)
                .put(FORMAT)
                .putInt(key.version())
                .put(sealed)
                .array();
    }

    /** The bytes that were sealed for this place; {@link BrokenSealException} when these were not. */
    public byte[] open(DSLContext db, long workspaceId, byte[] sealed, String kind, String... place) {
        int version = keyVersion(sealed);
        DataKey key = DataKeyStore.find(db, workspaceId, version)
                .orElseThrow(() -> new BrokenSealException("The data key of a sealed value is gone"));
        byte[] body = Arrays.copyOfRange(sealed, HEADER_BYTES, sealed.length);
        return AesGcm.open(unwrap(key), body, AesGcm.associated(workspaceId, version, kind, place));
    }

    /**
     * 256 bits that nobody has who has no data key of the workspace: the same for the same kind and place as long as the
     * workspace has the same data key, and of no use for any other. For what several parties of one place must know and
     * nobody should keep.
     */
    public byte[] derive(long workspaceId, String kind, String... place) {
        return database.inTransaction(tx -> {
            DataKey key = DataKeyStore.newest(tx, workspaceId).orElseGet(() -> first(tx, workspaceId));
            return Derivation.derive(unwrap(key), AesGcm.associated(workspaceId, key.version(), kind, place));
        });
    }

    /** The version of the data key that opens {@code sealed}; worth a column, so that a rotation finds what is left. */
    public static int keyVersion(byte[] sealed) {
        if (sealed.length < HEADER_BYTES || sealed[0] != FORMAT) {
            throw new BrokenSealException("A sealed value is of no known format");
        }
        return ByteBuffer.wrap(sealed).getInt(1);
    }

    /** Begins a rotation: gives the workspace a new data key, under which everything is sealed from now on. */
    public int newDataKey(DSLContext tx, long workspaceId) {
        int version = DataKeyStore.newest(tx, workspaceId)
                .map(key -> key.version() + 1)
                .orElse(1);
        if (!DataKeyStore.insert(tx, wrap(tx, workspaceId, version, AesGcm.newKey()))) {
            throw new ApiException(ErrorCode.RESOURCE_CONFLICT, "The data key is being rotated by somebody else");
        }
        return version;
    }

    /**
     * Ends a rotation: drops the keys before {@code version} if nothing is sealed under them.
     *
     * @param unused asked when no transaction can seal under them any more
     * @return false when something is, and has to be sealed anew first
     */
    public boolean retire(DSLContext tx, long workspaceId, int version, BooleanSupplier unused) {
        DataKeyStore.lockBefore(tx, workspaceId, version);
        if (!unused.getAsBoolean()) {
            return false;
        }
        DataKeyStore.deleteBefore(tx, workspaceId, version);
        return true;
    }

    /** The version under which a workspace seals now; 0 when it has no key. */
    public int currentVersion(long workspaceId) {
        return database.inTransaction(
                tx -> DataKeyStore.newest(tx, workspaceId).map(DataKey::version).orElse(0));
    }

    /** Workspaces whose rotation was begun and not ended: a crash came between. */
    public List<Long> unfinishedRotations() {
        return DataKeyStore.withSeveral(database.context());
    }

    /**
     * Wraps every data key of this service by the newest master key, all in one transaction.
     *
     * @param also done in that transaction with the number of keys wrapped anew
     * @return the id of the newest master key, which wraps them all; empty when there is nothing to wrap and no master key
     */
    public String rewrap(RewrapListener also) {
        return database.inTransaction(tx -> {
            DataKeyStore.passMaster(tx);
            if (!DataKeyStore.any(tx)) {
                also.rewrapped(tx, 0);
                return masters.newest().map(MasterKeys.Key::id).orElse("");
            }
            MasterKeys.Key newest = masters.newest().orElseGet(() -> firstMaster(tx));
            List<DataKey> old = DataKeyStore.notWrappedBy(tx, newest.id());
            for (DataKey key : old) {
                DataKeyStore.rewrapped(tx, wrapped(newest, key.workspaceId(), key.version(), unwrap(key)));
            }
            also.rewrapped(tx, old.size());
            return newest.id();
        });
    }

    /** Told within the transaction that wraps data keys anew. */
    public interface RewrapListener {
        void rewrapped(DSLContext tx, int keys);
    }

    /** Says at the start of a service what every later use would say: a data key that cannot be unwrapped. */
    public void check(Consumer<ApiException> problem) {
        try {
            DataKeyStore.masterKeyIds(database.context()).forEach(masters::get);
        } catch (ApiException e) {
            problem.accept(e);
        }
    }

    private DataKey first(DSLContext tx, long workspaceId) {
        DataKeyStore.insert(tx, wrap(tx, workspaceId, 1, AesGcm.newKey()));
        return DataKeyStore.newest(tx, workspaceId).orElseThrow();
    }

    private DataKey wrap(DSLContext tx, long workspaceId, int version, byte[] dataKey) {
        DataKeyStore.holdMaster(tx);
        return wrapped(masters.newest().orElseGet(() -> firstMaster(tx)), workspaceId, version, dataKey);
    }

    /** A missing file is made only where nothing depends on it: elsewhere it is lost, and has to be restored. */
    private MasterKeys.Key firstMaster(DSLContext tx) {
        if (DataKeyStore.any(tx)) {
            throw new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE,
                    "keys/master.key of the data folder is lost: restore it from its backup");
        }
        return masters.createFirst();
    }

    private static DataKey wrapped(MasterKeys.Key master, long workspaceId, int version, byte[] dataKey) {
        byte[] sealed = AesGcm.seal(master.bytes(), dataKey, AesGcm.associated(workspaceId, version, WRAPPING));
        return new DataKey(workspaceId, version, master.id(), sealed);
    }

    private byte[] unwrap(DataKey key) {
        byte[] associated = AesGcm.associated(key.workspaceId(), key.version(), WRAPPING);
        try {
            return AesGcm.open(masters.get(key.masterKeyId()).bytes(), key.wrapped(), associated);
        } catch (BrokenSealException e) {
            throw new ApiException(
                    ErrorCode.TEMPORARILY_UNAVAILABLE,
                    "The master key " + key.masterKeyId() + " in keys/master.key of the data folder is not the one that"
                            + " wrapped the data key of workspace " + key.workspaceId()
                            + ": restore that file from its backup",
                    e);
        }
    }
}
