package io.campanile.identity.sso;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whose sign-in the provider has ended: one session, or all of a subject's when it names none. */
record LogoutClaims(
        String tokenId, @Nullable String subject, @Nullable String providerSession, Instant expiresAt) {}
