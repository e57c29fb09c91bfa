package io.campanile.identity.people;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Why somebody does not get in through an identity provider. The page has words and a remedy for each. */
public enum SignInProblem {
    CANCELED(ErrorCode.UNAUTHENTICATED),
    /** Begun too long ago, in another browser, or finished before. */
    STALE(ErrorCode.UNAUTHENTICATED),
    UNTRUSTED(ErrorCode.UNAUTHENTICATED),
    UNAVAILABLE(ErrorCode.TEMPORARILY_UNAVAILABLE),
    /** The provider does not accept us as its client. */
    MISCONFIGURED(ErrorCode.TEMPORARILY_UNAVAILABLE),
    EMAIL_UNVERIFIED(ErrorCode.PERMISSION_DENIED),
    NAME_TAKEN(ErrorCode.PERMISSION_DENIED),
    DEACTIVATED(ErrorCode.PERMISSION_DENIED),
    NOT_MEMBER(ErrorCode.PERMISSION_DENIED),
    NO_WORKSPACE(ErrorCode.PERMISSION_DENIED),
    ADDRESS(ErrorCode.PERMISSION_DENIED);

    /** The fact in a refusal's details that carries the problem. */
    public static final String FACT = "sign_in_problem";

    private final ErrorCode code;

    SignInProblem(ErrorCode code) {
        this.code = code;
    }

    /** {@code message}: for the log and the audit log; never a token. */
    public ApiException because(String message) {
        return because(message, null);
    }

    public ApiException because(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        return new ApiException(code, message, List.of(Map.of(FACT, name().toLowerCase(Locale.ROOT))), cause);
    }

    /** Whether {@code refusal} is for this reason. */
    public boolean in(ApiException refusal) {
        return refusal.details().stream()
                .anyMatch(fact -> name().toLowerCase(Locale.ROOT).equals(fact.get(FACT)));
    }
}
