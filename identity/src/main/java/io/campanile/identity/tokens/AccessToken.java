package io.campanile.identity.tokens;

import java.time.Instant;

/** A personal access token as its owner sees it: everything but the secret. */
record AccessToken(
        String tokenId, long workspaceId, long userId, String comment, Instant createdAt, Instant expiresAt) {}
