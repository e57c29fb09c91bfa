package io.campanile.common.directory;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.http.InternalClient;
import java.util.Collection;
import java.util.List;

/** The directory of the identity service. */
public final class HttpDirectory implements Directory {
    private static final String PATH = "/internal/principals";

    private final InternalClient identity;
    private final String service;

    /** {@code service}: who asks. */
    public HttpDirectory(InternalClient identity, String service) {
        this.identity = requireNonNull(identity, "identity");
        this.service = requireNonNull(service, "service");
    }

    @Override
    public List<Principal> byName(Caller caller, Collection<Principal.Name> names) {
        return names.isEmpty() ? List.of() : ask(caller, new Asked(List.copyOf(names), List.of()));
    }

    @Override
    public List<Principal> byId(Caller caller, Collection<Long> ids) {
        return ids.isEmpty() ? List.of() : ask(caller, new Asked(List.of(), List.copyOf(ids)));
    }

    private List<Principal> ask(Caller caller, Asked asked) {
        return identity.post(caller.via(service), PATH, asked, Found.class).principals();
    }

    record Asked(List<Principal.Name> names, List<Long> ids) {}

    record Found(List<Principal> principals) {
        Found {
            principals = List.copyOf(principals);
        }
    }
}
