package io.campanile.identity.oauth;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.List;
import java.util.Map;

/** Refusals in the words of RFC 6749, which travel to the gateway in the details of the usual envelope. */
final class OAuthRefusal {
    private OAuthRefusal() {}

    static ApiException of(String error, String description) {
        return refusal(error, description, false);
    }

    /** The client and its redirect are known, so the client itself may be told. */
    static ApiException toClient(String error, String description) {
        return refusal(error, description, true);
    }

    static ApiException invalidGrant() {
        return of("invalid_grant", "The code or the refresh token is not valid any more, or not for this client");
    }

    static ApiException invalidClient() {
        return of("invalid_client", "The client is not known or its secret is wrong");
    }

    private static ApiException refusal(String error, String description, boolean redirect) {
        return new ApiException(
                error.equals("invalid_client") ? ErrorCode.UNAUTHENTICATED : ErrorCode.INVALID_PARAMETER_VALUE,
                description,
                List.of(Map.of("oauth_error", error, "redirect", redirect)),
                null);
    }
}
