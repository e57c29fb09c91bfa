package io.campanile.identity.sso;

import org.jspecify.annotations.Nullable;

/** The provider has answered, with an error of OAuth: {@code invalid_grant} ends what it was about. */
final class ProviderRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String error;

    ProviderRefusal(String error, @Nullable Throwable cause) {
        super("The identity provider answers " + error, cause);
        this.error = error;
    }

    /** Whether the code or the refresh token is the trouble, not our being its client. */
    boolean endsGrant() {
        return error.equals("invalid_grant");
    }
}
