package io.campanile.identity.sso;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.people.SignInProblem;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks what the provider has signed: by a key of its own list and an algorithm of ours, whatever a token says of its
 * algorithm, its key or where to find one.
 */
final class IdTokens {
    private static final Set<JWSAlgorithm> RSA =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS256, JWSAlgorithm.PS384);
    private static final Set<JWSAlgorithm> EC = Set.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384);
    private static final Set<String> ID_TYPES = Set.of("", "JWT");
    private static final Set<String> LOGOUT_TYPES = Set.of("", "JWT", "LOGOUT+JWT");
    private static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
    /** Clocks of two machines. */
    private static final Duration SKEW = Duration.ofSeconds(60);
    /** How long after it was made a logout token is still obeyed. */
    private static final Duration LOGOUT_AGE = Duration.ofMinutes(5);

    private static final int LONGEST = 64 * 1024;
    private static final int LONGEST_ID = 255;

    private final ProviderClient provider;
    private final SsoConfig config;
    private final Clock clock;

    IdTokens(ProviderClient provider, SsoConfig config, Clock clock) {
        this.provider = requireNonNull(provider, "provider");
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
    }

    /** {@code nonce}: of the sign-in it is the answer to; null for a token that came with a refreshed session. */
    Claims idToken(String token, @Nullable String nonce) {
        try {
            JWTClaimsSet set = verified(token, ID_TYPES);
            @Nullable String kind = set.getStringClaim("typ");
            require(kind == null || kind.equals("ID"), "is a token of another kind");
            require(set.getClaim("events") == null, "is a logout token");
            @Nullable Date expires = set.getExpirationTime();
            require(expires != null && expires.toInstant().plus(SKEW).isAfter(clock.instant()), "has expired");
            requireIssued(set);
            require(nonce == null || nonce.equals(set.getStringClaim("nonce")), "is not for this sign-in (nonce)");
            @Nullable String subject = set.getSubject();
            require(subject != null && isId(subject), "names no subject");
            return claims(set, String.valueOf(subject));
        } catch (ParseException e) {
            throw untrusted("cannot be read", e);
        }
    }

    /** OpenID Connect Back-Channel Logout 1.0, 2.6. */
    LogoutClaims logoutToken(String token) {
        try {
            JWTClaimsSet set = verified(token, LOGOUT_TYPES);
            @Nullable Map<String, Object> events = set.getJSONObjectClaim("events");
            require(events != null && events.get(LOGOUT_EVENT) instanceof Map, "is no logout token");
            require(set.getClaim("nonce") == null, "has a nonce");
            Instant issued = requireIssued(set);
            Instant end = issued.plus(LOGOUT_AGE);
            @Nullable Date expires = set.getExpirationTime();
            require(end.isAfter(clock.instant()), "is too old");
            require(expires == null || expires.toInstant().plus(SKEW).isAfter(clock.instant()), "has expired");
            @Nullable String id = set.getJWTID();
            @Nullable String subject = set.getSubject();
            @Nullable String session = set.getStringClaim("sid");
            require(id != null && isId(id), "has no id");
            require(subject != null || session != null, "names neither a subject nor a session");
            return new LogoutClaims(String.valueOf(id), subject, session, end);
        } catch (ParseException e) {
            throw untrusted("cannot be read", e);
        }
    }

    private JWTClaimsSet verified(String token, Set<String> types) throws ParseException {
        require(token.length() <= LONGEST, "is too long");
        // Fails for alg none, which is no signed token.
        SignedJWT jwt = SignedJWT.parse(token);
        JWSHeader header = jwt.getHeader();
        @Nullable JOSEObjectType type = header.getType();
        require(
                types.contains(type == null ? "" : type.getType().toUpperCase(java.util.Locale.ROOT)),
                "is of another type");
        require(header.getKeyID() != null && header.getCriticalParams() == null, "names no key");
        JWK key = provider.key(header.getKeyID()).orElseThrow(() -> untrusted("is signed by an unknown key", null));
        try {
            require(jwt.verify(verifier(key, header.getAlgorithm())), "is signed by somebody else");
        } catch (JOSEException e) {
            throw untrusted("has a signature that cannot be checked", e);
        }
        JWTClaimsSet set = jwt.getJWTClaimsSet();
        require(config.issuer().equals(set.getIssuer()), "is of another issuer");
        List<String> audience = set.getAudience();
        @Nullable String party = set.getStringClaim("azp");
        require(audience.contains(config.clientId()), "is for another audience");
        require(party == null ? audience.size() == 1 : party.equals(config.clientId()), "was made for another client");
        return set;
    }

    /** The kind of key decides which algorithms there are: a public key is never taken for a shared secret. */
    private static JWSVerifier verifier(JWK key, JWSAlgorithm algorithm) throws JOSEException {
        boolean agreed = key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm);
        if (agreed && key instanceof RSAKey rsa && RSA.contains(algorithm)) {
            return new RSASSAVerifier(rsa.toRSAPublicKey());
        }
        if (agreed && key instanceof ECKey ec && EC.contains(algorithm)) {
            return new ECDSAVerifier(ec.toECPublicKey());
        }
        throw untrusted("is signed with an algorithm that is not accepted", null);
    }

    private Instant requireIssued(JWTClaimsSet set) {
        @Nullable Date issued = set.getIssueTime();
        require(issued != null && !issued.toInstant().minus(SKEW).isAfter(clock.instant()), "is from the future");
        return issued == null ? Instant.EPOCH : issued.toInstant();
    }

    private static Claims claims(JWTClaimsSet set, String subject) throws ParseException {
        @Nullable String email = set.getStringClaim("email");
        boolean verified = Boolean.TRUE.equals(set.getClaim("email_verified"));
        @Nullable String preferred = set.getStringClaim("preferred_username");
        @Nullable String session = set.getStringClaim("sid");
        require(session == null || isId(session), "names a session of no known form");
        return new Claims(
                subject,
                email == null || email.isBlank() || !verified ? Optional.empty() : Optional.of(email.strip()),
                preferred == null ? "" : preferred,
                set.getStringClaim("name"),
                set.getStringClaim("given_name"),
                set.getStringClaim("family_name"),
                texts(set.getClaim("groups")),
                texts(set.getClaim("roles")),
                session);
    }

    /** The texts of a list; anything else in it gives nobody anything. */
    private static Set<String> texts(@Nullable Object claim) {
        return claim instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    private static boolean isId(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_ID && text.indexOf('\0') < 0;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw untrusted(otherwise, null);
        }
    }

    private static ApiException untrusted(String why, @Nullable Throwable cause) {
        return SignInProblem.UNTRUSTED.because("The token of the identity provider " + why, cause);
    }
}
