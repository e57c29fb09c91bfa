package io.campanile.identity.tokens;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A personal access token without its secret.
 *
 * @param createdBy who made it; null where it was made with the account
 * @param scopes what it is limited to; null when it is not
 */
record AccessToken(
        String tokenId,
        long workspaceId,
        long userId,
        String comment,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Long createdBy,
        @Nullable Set<String> scopes) {
    AccessToken {
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }
}
