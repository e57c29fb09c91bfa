package io.campanile.identity.keys;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A key's public half and its times: published from when it is made until {@code publishedUntil}, and signing in
 * between. The private half stays in the store.
 */
record SigningKey(String keyId, String publicJwk, Instant signsFrom, Instant signsUntil, Instant publishedUntil) {
    SigningKey {
        requireNonNull(keyId, "keyId");
        requireNonNull(publicJwk, "publicJwk");
    }

    boolean signsAt(Instant now) {
        return !signsFrom.isAfter(now) && signsUntil.isAfter(now);
    }
}
