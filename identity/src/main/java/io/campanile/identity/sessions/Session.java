package io.campanile.identity.sessions;

import java.time.Instant;

/** A signed-in browser as its owner sees it; {@code byProvider}: an identity provider has vouched for them. */
record Session(
        String sessionId,
        long workspaceId,
        long userId,
        String address,
        Instant createdAt,
        Instant lastUsedAt,
        Instant expiresAt,
        boolean byProvider) {}
