package io.campanile.gateway.access;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Person;
import io.campanile.common.auth.Rights;
import io.campanile.common.net.AddressPolicy;
import org.jspecify.annotations.Nullable;

/** Whom a credential stands for, as identity says. */
public record Principal(
        long workspaceId,
        long userId,
        String userName,
        Rights rights,
        @Nullable String sessionId,
        @Nullable String tokenId,
        AddressPolicy addresses) {
    /** Stands for the anonymous caller of an open route. */
    public static final Principal NOBODY = new Principal(0, 0, "", Rights.NONE, null, null, AddressPolicy.EVERYWHERE);

    public Principal {
        requireNonNull(userName, "userName");
        requireNonNull(rights, "rights");
        requireNonNull(addresses, "addresses");
    }

    public Person person() {
        return new Person(workspaceId, userId);
    }

    /** The person as the services are told of them. */
    public Caller caller(String requestId) {
        return new Caller(workspaceId, userId, userName, rights, null, "", requestId);
    }
}
