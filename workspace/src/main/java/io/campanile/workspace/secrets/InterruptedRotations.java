package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.concurrent.Blocking;
import io.campanile.common.crypto.Envelope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finishes at the start of the service the rotations that a crash cut short, and says at once when a key is lost. */
public final class InterruptedRotations {
    private static final Logger LOG = LoggerFactory.getLogger(InterruptedRotations.class);
    private final Envelope envelope;
    private final DataKeyRotation rotation;

    public InterruptedRotations(Envelope envelope, DataKeyRotation rotation) {
        this.envelope = requireNonNull(envelope, "envelope");
        this.rotation = requireNonNull(rotation, "rotation");
    }

    /** Returns at once. Secrets can be used meanwhile; the service starts whatever comes of it. */
    public void finish(Blocking blocking) {
        blocking.call(() -> {
                    envelope.check(lost -> LOG.atError().log(lost.getMessage()));
                    envelope.rewrap((tx, keys) -> {});
                    rotation.resume();
                    return true;
                })
                .onFailure(failure -> LOG.atError().setCause(failure).log("A rotation of keys could not be finished"));
    }
}
