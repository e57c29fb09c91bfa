package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.crypto.BrokenSealException;
import io.campanile.common.crypto.Envelope;
import io.campanile.workspace.secrets.SealedValues;
import java.util.List;
import org.jooq.DSLContext;

/** Seals git credentials anew when the workspace gets a new data key. */
public final class CredentialSeals implements SealedValues {
    private static final int BATCH = 50;
    private final CredentialStore store;
    private final Envelope envelope;

    public CredentialSeals(CredentialStore store, Envelope envelope) {
        this.store = requireNonNull(store, "store");
        this.envelope = requireNonNull(envelope, "envelope");
    }

    @Override
    public void reseal(long workspaceId, int version, List<String> broken) {
        long after = -1;
        while (after < Long.MAX_VALUE) {
            after = resealSome(workspaceId, version, after, broken);
        }
    }

    @Override
    public boolean anyBefore(DSLContext tx, long workspaceId, int version) {
        return store.anyBefore(tx, workspaceId, version);
    }

    private long resealSome(long workspaceId, int version, long after, List<String> broken) {
        return store.inTransaction(tx -> {
            long last = Long.MAX_VALUE;
            for (CredentialStore.Sealed old : store.sealedBefore(tx, workspaceId, version, after, BATCH)) {
                last = old.credentialId();
                String place = Long.toString(old.credentialId());
                try {
                    byte[] value = envelope.open(tx, workspaceId, old.bytes(), CredentialService.KIND, place);
                    byte[] sealed = envelope.seal(tx, workspaceId, value, CredentialService.KIND, place);
                    store.reseal(
                            tx, workspaceId, new CredentialStore.Sealed(last, sealed), Envelope.keyVersion(sealed));
                } catch (BrokenSealException e) {
                    broken.add("git credential " + place);
                }
            }
            return last;
        });
    }
}
