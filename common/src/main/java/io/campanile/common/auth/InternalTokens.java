package io.campanile.common.auth;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Signs and checks the tokens services and nodes show each other: HS256 JWTs with an audience and a short life. */
public final class InternalTokens {
    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final String ISSUER = "campanile";
    private static final String NODE = "node";

    /** Many more than callers and services at a time. */
    private static final int MOST_KNOWN = 5_000;

    private final byte[] key;
    private final Clock clock;
    /** The gateway shows one token for some seconds: its signature is checked once. Its time is, at each use. */
    private final Cache<String, Checked> known =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).expireAfterWrite(LIFE).build();

    /** {@code key}: at least 32 bytes, shared by the services of one installation. */
    public InternalTokens(byte[] key, Clock clock) {
        if (key.length < 32) {
            throw new IllegalArgumentException("The internal key must have at least 32 bytes");
        }
        this.key = key.clone();
        this.clock = requireNonNull(clock, "clock");
    }

    /** A token of 60 s that lets {@code caller} call {@code audience}. */
    public String sign(Caller caller, String audience) {
        var claims = new JWTClaimsSet.Builder()
                .claim("ws", caller.workspaceId())
                .claim("uid", caller.userId())
                .claim("usr", caller.userName())
                .claim("adm", caller.admin())
                .claim("rid", caller.requestId());
        Rights rights = caller.rights();
        if (rights.accountAdmin()) {
            claims.claim("acc", true);
        }
        if (!rights.groups().isEmpty()) {
            claims.claim("grp", List.copyOf(rights.groups()));
        }
        if (!rights.entitlements().isEmpty()) {
            claims.claim("ent", List.copyOf(rights.entitlements()));
        }
        Set<String> scopes = rights.scopes();
        if (scopes != null) {
            claims.claim("scp", List.copyOf(scopes));
        }
        if (caller.service() != null) {
            claims.claim("svc", caller.service());
        }
        return sign(claims, List.of(audience), LIFE);
    }

    /** A token with claims of its own, such as a node's work token. */
    public String sign(Map<String, Object> extra, String audience, Duration life) {
        return sign(extra, List.of(audience), life);
    }

    /** Like {@link #sign(Map, String, Duration)}, to be shown to any of the {@code audiences}. */
    public String sign(Map<String, Object> extra, List<String> audiences, Duration life) {
        var claims = new JWTClaimsSet.Builder();
        extra.forEach(claims::claim);
        return sign(claims, audiences, life);
    }

    /**
     * The caller a token speaks for; empty when it is forged, expired or meant for another service. A node is none: its
     * tokens open the routes of nodes, whose handlers read the claims, and no others.
     */
    public Optional<Caller> verify(String token, String audience) {
        return checked(token, audience).flatMap(Checked::caller);
    }

    /** The checked claims of a token; empty when it is forged, expired or meant for another service. */
    public Optional<Map<String, Object>> claims(String token, String audience) {
        return checked(token, audience).map(Checked::claims);
    }

    private Optional<Checked> checked(String token, String audience) {
        Checked found = known.getIfPresent(token);
        if (found == null) {
            Optional<Checked> signed = signed(token);
            if (signed.isEmpty()) {
                return signed;
            }
            found = signed.get();
            known.put(token, found);
        }
        boolean current = found.until().plus(SKEW).isAfter(clock.instant());
        return current && found.audiences().contains(audience) ? Optional.of(found) : Optional.empty();
    }

    /** What a token says, if its signature is ours; whatever the time, whoever it is meant for. */
    private Optional<Checked> signed(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm()) || !jwt.verify(new MACVerifier(key))) {
                return Optional.empty();
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            if (claims.getExpirationTime() == null || !ISSUER.equals(claims.getIssuer())) {
                return Optional.empty();
            }
            return Optional.of(new Checked(
                    claims.getClaims(),
                    caller(claims.getClaims()),
                    claims.getExpirationTime().toInstant(),
                    List.copyOf(claims.getAudience())));
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    private record Checked(
            Map<String, Object> claims, Optional<Caller> caller, Instant until, List<String> audiences) {}

    private static Optional<Caller> caller(Map<String, Object> claims) {
        if (!(claims.get("ws") instanceof Number workspace) || !(claims.get("uid") instanceof Number user)) {
            return Optional.empty();
        }
        Object service = claims.get("svc");
        if (NODE.equals(service)) {
            return Optional.empty();
        }
        return Optional.of(new Caller(
                workspace.longValue(),
                user.longValue(),
                String.valueOf(claims.getOrDefault("usr", "")),
                new Rights(
                        Boolean.TRUE.equals(claims.get("adm")),
                        Boolean.TRUE.equals(claims.get("acc")),
                        listed(claims.get("grp"))
                                .map(id -> ((Number) id).longValue())
                                .collect(Collectors.toSet()),
                        listed(claims.get("ent")).map(Object::toString).collect(Collectors.toSet()),
                        claims.get("scp") == null
                                ? null
                                : listed(claims.get("scp"))
                                        .map(Object::toString)
                                        .collect(Collectors.toSet())),
                service == null ? null : service.toString(),
                "",
                String.valueOf(claims.getOrDefault("rid", ""))));
    }

    private static Stream<?> listed(@Nullable Object claim) {
        return claim instanceof List<?> list ? list.stream() : Stream.empty();
    }

    private String sign(JWTClaimsSet.Builder claims, List<String> audiences, Duration life) {
        Instant now = clock.instant();
        claims.issuer(ISSUER).audience(audiences).issueTime(Date.from(now)).expirationTime(Date.from(now.plus(life)));
        try {
            SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
            jwt.sign(new MACSigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("An internal token could not be signed", e);
        }
    }
}
