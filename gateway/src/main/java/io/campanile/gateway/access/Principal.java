package io.campanile.gateway.access;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import org.jspecify.annotations.Nullable;

/** Whom a credential stands for, as identity says. */
public record Principal(
        long workspaceId,
        long userId,
        String userName,
        boolean admin,
        @Nullable String sessionId,
        @Nullable String tokenId) {
    /** Stands for the anonymous caller of an open route. */
    public static final Principal NOBODY = new Principal(0, 0, "", false, null, null);

    public Principal {
        requireNonNull(userName, "userName");
    }

    /** The person as the services are told of them. */
    public Caller caller(String requestId) {
        return new Caller(workspaceId, userId, userName, admin, null, requestId);
    }
}
