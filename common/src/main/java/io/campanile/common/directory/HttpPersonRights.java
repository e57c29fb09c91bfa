package io.campanile.common.directory;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.http.InternalClient;
import java.util.Map;

/** The rights of people as the identity service knows them. */
public final class HttpPersonRights implements PersonRights {
    private static final String PATH = "/internal/rights";

    private final InternalClient identity;
    private final String service;

    /** {@code service}: who asks. */
    public HttpPersonRights(InternalClient identity, String service) {
        this.identity = requireNonNull(identity, "identity");
        this.service = requireNonNull(service, "service");
    }

    @Override
    public Rights of(Caller caller) {
        return identity.post(caller.via(service), PATH, Map.of(), Found.class).rights();
    }

    record Found(Rights rights) {
        Found {
            requireNonNull(rights, "rights");
        }
    }
}
