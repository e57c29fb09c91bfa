package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.BrokenSealException;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a workspace a new data key and seals its secrets anew, in short transactions. Every secret can be read at every
 * moment: the old key goes when nothing is sealed under it. What a crash left is finished at the next start.
 */
public final class DataKeyRotation {
    private static final int BATCH = 50;
    private final SecretStore store;
    private final Envelope envelope;
    private final List<SealedValues> others;

    /** {@code others}: what is sealed beside secrets. */
    public DataKeyRotation(SecretStore store, Envelope envelope, List<SealedValues> others) {
        this.store = requireNonNull(store, "store");
        this.envelope = requireNonNull(envelope, "envelope");
        this.others = List.copyOf(others);
    }

    /** Rotates the caller's workspace; answers the version of the new key. */
    int rotate(Caller caller) {
        int version = begin(caller);
        finish(caller.workspaceId(), version);
        return version;
    }

    /** Ends the rotations of all workspaces that were begun and not ended. */
    public void resume() {
        for (long workspaceId : envelope.unfinishedRotations()) {
            finish(workspaceId, envelope.currentVersion(workspaceId));
        }
    }

    int begin(Caller caller) {
        return store.inTransaction(tx -> {
            int version = envelope.newDataKey(tx, caller.workspaceId());
            Audit.record(tx, caller, "data-key/" + version, Map.of());
            return version;
        });
    }

    private void finish(long workspaceId, int version) {
        do {
            List<String> broken = new ArrayList<>();
            SecretStore.@Nullable Place after = SecretStore.Place.FIRST;
            while (after != null) {
                after = resealSome(workspaceId, version, after, BATCH, broken);
            }
            others.forEach(each -> each.reseal(workspaceId, version, broken));
            if (!broken.isEmpty()) {
                throw new ApiException(
                        ErrorCode.INVALID_STATE,
                        "The older data keys stay, because these secrets cannot be opened (put them anew, or delete"
                                + " them, and rotate again): " + String.join(", ", broken));
            }
        } while (!retire(workspaceId, version));
    }

    /** Seals the next secrets anew; null when these were the last ones. */
    SecretStore.@Nullable Place resealSome(
            long workspaceId, int version, SecretStore.Place after, int limit, List<String> broken) {
        return store.inTransaction(tx -> {
            SecretStore.@Nullable Place last = null;
            for (SecretStore.Sealed old : store.sealedBefore(tx, workspaceId, version, after, limit)) {
                String scope = old.place().scopeKey();
                String key = old.place().secretKey();
                last = old.place();
                try {
                    byte[] value = envelope.open(tx, workspaceId, old.bytes(), SecretService.KIND, scope, key);
                    byte[] sealed = envelope.seal(tx, workspaceId, value, SecretService.KIND, scope, key);
                    store.reseal(tx, workspaceId, new SecretStore.Sealed(last, sealed), Envelope.keyVersion(sealed));
                } catch (BrokenSealException e) {
                    broken.add(scope + "/" + key);
                }
            }
            return last;
        });
    }

    private boolean retire(long workspaceId, int version) {
        return store.inTransaction(tx -> envelope.retire(
                tx,
                workspaceId,
                version,
                () -> !store.anyBefore(tx, workspaceId, version)
                        && others.stream().noneMatch(each -> each.anyBefore(tx, workspaceId, version))));
    }
}
