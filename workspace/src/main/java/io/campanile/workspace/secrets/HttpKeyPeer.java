package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.KeyRoutes;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.InternalClient;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A service with data keys, over HTTP. */
public final class HttpKeyPeer implements KeyPeer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpKeyPeer.class);
    private final InternalClient peer;

    public HttpKeyPeer(InternalClient peer) {
        this.peer = requireNonNull(peer, "peer");
    }

    @Override
    public Optional<String> rewrap(Caller caller) {
        try {
            return Optional.of(peer.post(caller.via("workspace"), KeyRoutes.REWRAP, Map.of(), KeyRoutes.Rewrapped.class)
                    .masterKeyId());
        } catch (ApiException e) {
            LOG.atWarn()
                    .addKeyValue("error", e.code())
                    .setCause(e)
                    .log("A service did not pass to the new master key; the older ones are kept");
            return Optional.empty();
        }
    }
}
