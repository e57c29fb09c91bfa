package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.crypto.MasterKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Passes to a new master key: it is written first, then the data keys of all services are wrapped by it, and the older
 * ones go only when every service has said that it needs them no more. A crash between leaves a key too many, no more.
 */
public final class MasterKeyRotation {
    private final MasterKeys masters;
    private final Envelope envelope;
    private final List<KeyPeer> peers;

    public MasterKeyRotation(MasterKeys masters, Envelope envelope, List<KeyPeer> peers) {
        this.masters = requireNonNull(masters, "masters");
        this.envelope = requireNonNull(envelope, "envelope");
        this.peers = List.copyOf(peers);
    }

    /** The key that wraps now, and whether those before it could go. */
    record Rotated(String masterKeyId, boolean olderKeysDropped) {}

    Rotated rotate(Caller caller) {
        masters.add();
        String newest = envelope.rewrap(
                (tx, keys) -> Audit.record(tx, caller, "master-key", Map.of("data_keys_wrapped", keys)));
        boolean everywhere = peers.stream().map(peer -> peer.rewrap(caller)).allMatch(Optional.of(newest)::equals);
        if (everywhere) {
            masters.keepFrom(newest);
        }
        return new Rotated(newest, everywhere);
    }
}
