package io.campanile.identity.authentication;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.authentication.AuthenticationStore.Found;
import io.campanile.identity.authentication.AuthenticationStore.Member;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.oauth.AccessTokens;
import io.campanile.identity.people.RightsStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides whether a credential opens the door. Every refusal reads the same: it must not say what was nearly right. */
public final class AuthenticationService {
    /** How stale "last used" may be: one write a minute, not one a request. */
    private static final Duration USE_RECORDED = Duration.ofMinutes(1);

    private final AuthenticationStore credentials;
    private final AccessTokens accessTokens;
    private final Duration sessionIdle;
    private final Clock clock;

    public AuthenticationService(
            AuthenticationStore credentials, AccessTokens accessTokens, Duration sessionIdle, Clock clock) {
        this.credentials = requireNonNull(credentials, "credentials");
        this.accessTokens = requireNonNull(accessTokens, "accessTokens");
        this.sessionIdle = requireNonNull(sessionIdle, "sessionIdle");
        this.clock = requireNonNull(clock, "clock");
    }

    Found token(String secret) {
        Instant now = clock.instant();
        Found found = found(
                secret.startsWith("dapi") ? Minted.lookupOf(secret).flatMap(credentials::token) : none(), secret, now);
        if (stale(found, now)) {
            credentials.tokenUsed(found.workspaceId(), found.id(), now);
        }
        return found;
    }

    Found session(String secret) {
        Instant now = clock.instant();
        Found found = found(Minted.lookupOf(secret).flatMap(credentials::session), secret, now);
        Instant used = found.lastUsedAt();
        if (used == null || !used.plus(sessionIdle).isAfter(now)) {
            throw refused();
        }
        if (stale(found, now)) {
            credentials.sessionUsed(found.workspaceId(), found.id(), now);
        }
        return found;
    }

    /** A signed access token: what it says of itself, and that its owner and its basis still stand. */
    Found accessToken(String token) {
        AccessTokens.Claims claims = accessTokens.verify(token).orElseThrow(AuthenticationService::refused);
        Member member = member(OpenToken.of(claims)).orElseThrow(AuthenticationService::refused);
        return new Found(
                OpenToken.of(claims).id(),
                claims.workspaceId(),
                claims.userId(),
                member.userName(),
                member.accountAdmin(),
                "",
                claims.expiresAt(),
                null,
                claims.scopes());
    }

    List<String> endedTokens(List<String> ids) {
        List<String> stored = ids.stream().filter(id -> !OpenToken.isOne(id)).toList();
        Set<String> live = new HashSet<>(stored.isEmpty() ? Set.of() : credentials.liveTokens(stored, clock.instant()));
        ids.stream()
                .filter(OpenToken::isOne)
                .filter(id -> OpenToken.parse(id).flatMap(this::member).isPresent())
                .forEach(live::add);
        return without(ids, live);
    }

    void refusedByGateway(Caller person, String resource, String reason) {
        credentials.auditRefusal(person, resource, reason);
    }

    private Optional<Member> member(OpenToken token) {
        Instant now = clock.instant();
        return token.expiresAt().isAfter(now)
                ? credentials.member(token.workspaceId(), token.userId(), token.basis(), now)
                : Optional.empty();
    }

    List<String> endedSessions(List<String> ids) {
        Instant now = clock.instant();
        return ids.isEmpty() ? ids : without(ids, credentials.liveSessions(ids, now, now.minus(USE_RECORDED)));
    }

    /** Whose the sessions and tokens are, by their ids. */
    Map<String, RightsStore.Holder> holders(List<String> sessions, List<String> tokens) {
        List<String> stored = tokens.stream().filter(id -> !OpenToken.isOne(id)).toList();
        Map<String, RightsStore.Holder> holders = new HashMap<>(
                sessions.isEmpty() && stored.isEmpty() ? Map.of() : credentials.holders(sessions, stored));
        tokens.forEach(id -> OpenToken.parse(id)
                .ifPresent(token -> member(token)
                        .ifPresent(member -> holders.put(
                                id,
                                new RightsStore.Holder(token.workspaceId(), token.userId(), member.accountAdmin())))));
        return holders;
    }

    private static Optional<Found> none() {
        return Optional.empty();
    }

    private static Found found(Optional<Found> candidate, String secret, Instant now) {
        return candidate
                .filter(found -> Minted.matches(secret, found.secretHash()))
                .filter(found -> found.expiresAt().isAfter(now))
                .orElseThrow(AuthenticationService::refused);
    }

    private static boolean stale(Found found, Instant now) {
        Instant used = found.lastUsedAt();
        return used == null || used.plus(USE_RECORDED).isBefore(now);
    }

    private static List<String> without(List<String> ids, Set<String> live) {
        return ids.stream().filter(id -> !live.contains(id)).toList();
    }

    private static ApiException refused() {
        return new ApiException(ErrorCode.UNAUTHENTICATED, "The credential is not valid");
    }
}
