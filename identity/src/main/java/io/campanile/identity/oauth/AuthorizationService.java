package io.campanile.identity.oauth;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Scopes;
import io.campanile.common.auth.Secret;
import io.campanile.identity.credentials.Minted;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a public client may ask a person to allow, and the code it gets when they do. */
public final class AuthorizationService {
    static final String OFFLINE = "offline_access";
    static final String OPENID = "openid";
    /** Asked for by OpenID libraries beside openid; what they stand for is in the ID token anyway. */
    private static final Set<String> IDENTITY = Set.of(OPENID, OFFLINE, "profile", "email");

    private static final Duration CODE_LIFE = Duration.ofSeconds(60);
    /** S256 makes 43 characters of base64url. */
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final int LONGEST_STATE = 1024;
    private static final int LONGEST_NONCE = 256;

    private final OAuthStore store;
    private final Clock clock;

    /** The parameters of an authorization request as they came. */
    record Asked(
            @Nullable String clientId,
            @Nullable String redirectUri,
            @Nullable String responseType,
            @Nullable String scope,
            @Nullable String state,
            @Nullable String codeChallenge,
            @Nullable String codeChallengeMethod,
            @Nullable String nonce) {}

    /** A request that may be shown to a person. */
    record Valid(PublicClient client, String redirectUri, Set<String> scopes, String challenge) {}

    /** Whose sign-in in a browser stands behind an approval. */
    record Approver(long workspaceId, long userId, String userName, String sessionId) {}

    public AuthorizationService(OAuthStore store, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Client and redirect first: until both are known nobody is sent anywhere. */
    Valid check(Asked asked) {
        PublicClient client = PublicClient.find(asked.clientId() == null ? "" : asked.clientId())
                .orElseThrow(() -> OAuthRefusal.of("unauthorized_client", "client_id names no client known here"));
        String redirect = asked.redirectUri() == null ? "" : asked.redirectUri();
        if (!PublicClient.allowsRedirect(redirect)) {
            throw OAuthRefusal.of(
                    "invalid_request",
                    "redirect_uri is not one of this client: http://localhost, with a port, and / or /callback");
        }
        if (!"code".equals(asked.responseType())) {
            throw OAuthRefusal.toClient("unsupported_response_type", "response_type must be code");
        }
        if (!"S256".equals(asked.codeChallengeMethod())) {
            throw OAuthRefusal.toClient("invalid_request", "code_challenge_method must be S256");
        }
        String challenge = asked.codeChallenge() == null ? "" : asked.codeChallenge();
        if (!CHALLENGE.matcher(challenge).matches()) {
            throw OAuthRefusal.toClient("invalid_request", "code_challenge must be 43 characters of base64url");
        }
        if (tooLong(asked.state(), LONGEST_STATE) || tooLong(asked.nonce(), LONGEST_NONCE)) {
            throw OAuthRefusal.toClient("invalid_request", "state or nonce is too long");
        }
        return new Valid(client, redirect, scopes(asked.scope()), challenge);
    }

    /** A code for what the person has just allowed. */
    Secret approve(Asked asked, Approver approver, Caller caller) {
        Valid valid = check(asked);
        Minted secret = Minted.create("");
        OAuthStore.Code code = new OAuthStore.Code(
                secret.lookup(),
                secret.hash(),
                approver.workspaceId(),
                approver.userId(),
                approver.sessionId(),
                valid.client().clientId(),
                valid.redirectUri(),
                valid.challenge(),
                String.join(" ", valid.scopes()),
                asked.nonce(),
                Minted.randomHex(16),
                clock.instant().plus(CODE_LIFE),
                null);
        return store.inTransaction(tx -> {
            tx.insertCode(code);
            tx.audit(
                    caller,
                    "oauth-client/" + code.clientId(),
                    Map.of("grant_id", code.grantId(), "scopes", List.copyOf(valid.scopes())));
            return new Secret(secret.value());
        });
    }

    static Set<String> scopes(@Nullable String scope) {
        Set<String> asked = new TreeSet<>(Scopes.split(scope == null || scope.isBlank() ? Scopes.ALL : scope));
        List<String> unknown = Scopes.unknown(
                asked.stream().filter(name -> !IDENTITY.contains(name)).toList());
        if (!unknown.isEmpty()) {
            throw OAuthRefusal.toClient("invalid_scope", "No such scope: " + shown(unknown.get(0)));
        }
        return asked;
    }

    /** What an access token of these scopes is limited to: those of OpenID say nothing about routes. */
    static Set<String> routes(Set<String> scopes) {
        return scopes.stream()
                .filter(name -> !IDENTITY.contains(name))
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    private static String shown(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "..." : text;
    }

    private static boolean tooLong(@Nullable String text, int most) {
        return text != null && text.length() > most;
    }
}
