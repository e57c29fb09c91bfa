package io.campanile.identity.sessions;

import org.jspecify.annotations.Nullable;

/** What a sign-out asks of whoever vouched for the session. */
public interface Farewell {
    /** Where the browser goes to end the provider's session as well, before it comes back to {@code origin}; or null. */
    @Nullable
    String onwards(String sessionId, String origin);
}
