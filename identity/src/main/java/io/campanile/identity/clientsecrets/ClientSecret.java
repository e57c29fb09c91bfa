package io.campanile.identity.clientsecrets;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A secret of a service principal as administrators see it: everything but the secret. */
record ClientSecret(
        String secretId,
        long workspaceId,
        long userId,
        String secretHash,
        Instant createdAt,
        @Nullable Instant expiresAt) {}
