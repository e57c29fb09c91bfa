package io.campanile.identity.sessions;

import java.time.Instant;

/** A signed-in browser as its owner sees it. */
record Session(
        String sessionId,
        long workspaceId,
        long userId,
        String address,
        Instant createdAt,
        Instant lastUsedAt,
        Instant expiresAt) {}
