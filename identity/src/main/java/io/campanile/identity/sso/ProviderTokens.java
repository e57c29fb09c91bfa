package io.campanile.identity.sso;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the provider's token endpoint gives. The access token is for others and is dropped. */
record ProviderTokens(
        @Nullable String idToken,
        @Nullable String refreshToken,
        @Nullable Duration refreshLife) {
    @Override
    public String toString() {
        return "ProviderTokens[****]";
    }
}
