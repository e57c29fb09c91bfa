package io.campanile.common.crypto;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.Map;

/** How a service that seals is told that there is a new master key. */
public final class KeyRoutes {
    /** Where every service that has data keys mounts it. */
    public static final String REWRAP = "/internal/keys/rewrap";

    private final Envelope envelope;

    public KeyRoutes(Envelope envelope) {
        this.envelope = requireNonNull(envelope, "envelope");
    }

    public void mount(Endpoints api) {
        api.post(
                REWRAP,
                Requires.service("keys.rewrap", "data-key"),
                Map.class,
                (caller, body) -> new Rewrapped(envelope.rewrap((tx, keys) -> {})));
    }

    /** The master key that wraps every data key of the service now. */
    public record Rewrapped(String masterKeyId) {
        public Rewrapped {
            requireNonNull(masterKeyId, "masterKeyId");
        }
    }
}
