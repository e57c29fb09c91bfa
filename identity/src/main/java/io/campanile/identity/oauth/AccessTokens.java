package io.campanile.identity.oauth;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.campanile.common.auth.Scopes;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.keys.SigningKeyService;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Signs and checks OAuth tokens: RS256 by a key of ours that its id names, and nothing else. What a token says of its
 * own algorithm, key or key's address is not followed. The audience is the workspace.
 */
public final class AccessTokens {
    /** RFC 9068: an ID token, signed by the same key, is no access token. */
    private static final JOSEObjectType ACCESS = new JOSEObjectType("at+jwt");

    private final SigningKeyService keys;
    private final Clock clock;

    public AccessTokens(SigningKeyService keys, Clock clock) {
        this.keys = requireNonNull(keys, "keys");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * What an access token says.
     *
     * @param basis what it was made of: {@code grant:} or {@code secret:} and an id; ended, it ends the token
     */
    public record Claims(
            long workspaceId, long userId, String clientId, String basis, Set<String> scopes, Instant expiresAt) {
        public Claims {
            requireNonNull(clientId, "clientId");
            requireNonNull(basis, "basis");
            scopes = Set.copyOf(scopes);
        }
    }

    String sign(Claims claims, String userName, String issuer) {
        return sign(
                ACCESS,
                common(issuer, Long.toString(claims.userId()), claims.expiresAt())
                        .audience(Long.toString(claims.workspaceId()))
                        .jwtID(Minted.randomHex(16))
                        .claim("client_id", claims.clientId())
                        .claim(
                                "scope",
                                String.join(
                                        " ", claims.scopes().stream().sorted().toList()))
                        .claim("workspace_id", claims.workspaceId())
                        .claim("user_name", userName)
                        .claim("basis", claims.basis()));
    }

    /** Says to a client who signed in; opens nothing. */
    String idToken(Claims claims, String userName, String issuer, @Nullable String nonce) {
        var id = common(issuer, Long.toString(claims.userId()), claims.expiresAt())
                .audience(claims.clientId())
                .claim("preferred_username", userName);
        if (nonce != null) {
            id.claim("nonce", nonce);
        }
        return sign(JOSEObjectType.JWT, id);
    }

    /** What a token says; empty when it is forged, expired, of another kind or made for something else. */
    public Optional<Claims> verify(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWSHeader header = jwt.getHeader();
            if (!JWSAlgorithm.RS256.equals(header.getAlgorithm())
                    || !ACCESS.equals(header.getType())
                    || header.getKeyID() == null
                    || header.getCriticalParams() != null) {
                return Optional.empty();
            }
            Optional<RSAKey> key = keys.published(header.getKeyID());
            return key.isPresent() && jwt.verify(new RSASSAVerifier(key.get().toRSAPublicKey()))
                    ? claims(jwt.getJWTClaimsSet())
                    : Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    private Optional<Claims> claims(JWTClaimsSet set) throws ParseException {
        @Nullable Date expires = set.getExpirationTime();
        Long workspaceId = set.getLongClaim("workspace_id");
        String clientId = set.getStringClaim("client_id");
        String basis = set.getStringClaim("basis");
        String scope = set.getStringClaim("scope");
        if (expires == null || workspaceId == null || clientId == null || basis == null || scope == null) {
            return Optional.empty();
        }
        boolean current = expires.toInstant().isAfter(clock.instant());
        boolean meant = set.getAudience().equals(List.of(Long.toString(workspaceId)));
        return current && meant && set.getSubject().matches("[0-9]{1,18}")
                ? Optional.of(new Claims(
                        workspaceId,
                        Long.parseLong(set.getSubject()),
                        clientId,
                        basis,
                        Scopes.split(scope),
                        expires.toInstant()))
                : Optional.empty();
    }

    List<Map<String, Object>> jwks() {
        return keys.published();
    }

    private JWTClaimsSet.Builder common(String issuer, String subject, Instant expiresAt) {
        Date now = Date.from(clock.instant());
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(subject)
                .issueTime(now)
                .notBeforeTime(now)
                .expirationTime(Date.from(expiresAt));
    }

    private String sign(JOSEObjectType type, JWTClaimsSet.Builder claims) {
        RSAKey key = keys.signing();
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .type(type)
                            .keyID(key.getKeyID())
                            .build(),
                    claims.build());
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("A token could not be signed", e);
        }
    }
}
