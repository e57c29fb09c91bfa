package io.campanile.identity.oauth;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.errors.ApiException;
import io.campanile.common.http.Endpoints;
import io.campanile.common.http.Requires;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the gateway asks for its routes under {@code /oidc}. */
public final class OAuthRoutes {
    private final AuthorizationService authorizations;
    private final TokenGrantService grants;
    private final AccessTokens tokens;

    public OAuthRoutes(AuthorizationService authorizations, TokenGrantService grants, AccessTokens tokens) {
        this.authorizations = requireNonNull(authorizations, "authorizations");
        this.grants = requireNonNull(grants, "grants");
        this.tokens = requireNonNull(tokens, "tokens");
    }

    public void mount(Endpoints api) {
        api.get(
                "/internal/oauth/keys",
                Requires.service("identity.oauth.keys", "signing-key"),
                (caller, context) -> Map.of("keys", tokens.jwks()));
        api.post(
                "/internal/oauth/requests",
                Requires.service("identity.oauth.check", "oauth-client"),
                Request.class,
                (caller, body) -> {
                    AuthorizationService.Valid valid = authorizations.check(body.asked());
                    return new Checked(valid.client().name(), valid.scopes());
                });
        api.post(
                "/internal/oauth/codes",
                Requires.service("identity.oauth.approve", "oauth-client"),
                Approval.class,
                (caller, body) -> new Code(authorizations
                        .approve(body.request().asked(), body.approver(), body.caller(caller))
                        .value()));
        api.post(
                "/internal/oauth/tokens",
                Requires.service("identity.oauth.token", "oauth-client"),
                TokenRequest.class,
                (caller, body) -> grants.give(body.shown(), caller));
    }

    record Request(
            @Nullable String clientId,
            @Nullable String redirectUri,
            @Nullable String responseType,
            @Nullable String scope,
            @Nullable String state,
            @Nullable String codeChallenge,
            @Nullable String codeChallengeMethod,
            @Nullable String nonce) {
        AuthorizationService.Asked asked() {
            return new AuthorizationService.Asked(
                    clientId, redirectUri, responseType, scope, state, codeChallenge, codeChallengeMethod, nonce);
        }
    }

    record Checked(String clientName, Set<String> scopes) {}

    record Approval(Request request, Long workspaceId, Long userId, String userName, String sessionId) {
        Approval {
            ApiException.require(request, "request");
            ApiException.require(workspaceId, "workspace_id");
            ApiException.require(userId, "user_id");
            ApiException.require(userName, "user_name");
            ApiException.require(sessionId, "session_id");
        }

        AuthorizationService.Approver approver() {
            return new AuthorizationService.Approver(workspaceId, userId, userName, sessionId);
        }

        Caller caller(Caller gateway) {
            return new Caller(
                    workspaceId,
                    userId,
                    userName,
                    Rights.NONE,
                    gateway.service(),
                    gateway.action(),
                    gateway.requestId());
        }
    }

    record Code(String code) {
        @Override
        public String toString() {
            return "Code[****]";
        }
    }

    record TokenRequest(
            String grantType,
            String clientId,
            @Nullable String clientSecret,
            @Nullable String code,
            @Nullable String redirectUri,
            @Nullable String codeVerifier,
            @Nullable String refreshToken,
            @Nullable String scope,
            String issuer,
            String address,
            @Nullable Long workspaceId) {
        TokenRequest {
            ApiException.require(grantType, "grant_type");
            ApiException.require(clientId, "client_id");
            ApiException.require(issuer, "issuer");
            ApiException.require(address, "address");
        }

        TokenGrantService.Shown shown() {
            return new TokenGrantService.Shown(
                    grantType,
                    clientId,
                    clientSecret,
                    code,
                    redirectUri,
                    codeVerifier,
                    refreshToken,
                    scope,
                    issuer,
                    address,
                    workspaceId);
        }

        @Override
        public String toString() {
            return "TokenRequest[" + grantType + ", ****]";
        }
    }
}
