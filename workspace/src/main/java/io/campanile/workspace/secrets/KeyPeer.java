package io.campanile.workspace.secrets;

import io.campanile.common.auth.Caller;
import java.util.Optional;

/** Another service whose data keys the same master key wraps. Blocking. */
public interface KeyPeer {
    /** Wraps its data keys by the newest master key and answers that key's id; empty when it cannot be told to. */
    Optional<String> rewrap(Caller caller);
}
