package io.campanile.identity.sso;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.people.SignInProblem;
import io.campanile.identity.sessions.Farewell;
import io.campanile.identity.sessions.SessionService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions last as long as the provider's. One that is in use is confirmed there every few minutes, which also keeps it
 * alive there; one that is not in use ends when the provider's would, without being asked about.
 */
public final class SsoSessionService implements Farewell {
    private static final Logger LOG = LoggerFactory.getLogger(SsoSessionService.class);
    /** A logout token comes while the provider is still ending sessions. */
    private static final Duration PROVIDER_FINISHES = Duration.ofSeconds(3);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    private static final int AT_ONCE = 20;
    private static final int ROUNDS = 50;

    private final SsoConfig config;
    private final ProviderClient provider;
    private final IdTokens tokens;
    private final SsoStore store;
    private final Federation federation;
    private final Clock clock;
    private volatile boolean strangersEnded;

    SsoSessionService(
            SsoConfig config,
            ProviderClient provider,
            IdTokens tokens,
            SsoStore store,
            Federation federation,
            Clock clock) {
        this.config = requireNonNull(config, "config");
        this.provider = requireNonNull(provider, "provider");
        this.tokens = requireNonNull(tokens, "tokens");
        this.store = requireNonNull(store, "store");
        this.federation = requireNonNull(federation, "federation");
        this.clock = requireNonNull(clock, "clock");
    }

    void keep(
            String sessionId, SessionService.Vouched person, Claims claims, SsoStore.Held held, ProviderTokens given) {
        Instant now = clock.instant();
        store.insert(
                new SsoStore.Kept(
                        sessionId,
                        person.workspaceId(),
                        person.userId(),
                        person.userName(),
                        claims.subject(),
                        end(given, now),
                        null),
                config.issuer(),
                claims.providerSession(),
                held,
                now,
                now.plus(config.refreshEvery()));
    }

    /** Asks the provider about the sessions that are due, and ends those of a provider that was here before. */
    public void tend() {
        if (!strangersEnded) {
            Caller identity = Caller.service("identity", 0, "").doing("identity.sso.confirm");
            store.ofOthers(config.issuer())
                    .forEach(session -> end(session, identity, "its provider is not set up here any more"));
            strangersEnded = true;
        }
        if (!config.on()) {
            return;
        }
        Instant now = clock.instant();
        List<SsoStore.Kept> due = store.due(now, now.plus(TRY_AGAIN), AT_ONCE);
        for (int rounds = 0; !due.isEmpty() && rounds < ROUNDS; rounds++) {
            due.forEach(session -> confirmOne(session, now));
            due = due.size() < AT_ONCE ? List.of() : store.due(now, now.plus(TRY_AGAIN), AT_ONCE);
        }
    }

    private void confirmOne(SsoStore.Kept session, Instant now) {
        try {
            confirm(session, now);
        } catch (RuntimeException e) {
            // The others are still to be asked about, and this one again.
            LOG.atError()
                    .addKeyValue("sessionId", session.sessionId())
                    .setCause(e)
                    .log("A session could not be confirmed by the provider");
        }
    }

    /** Forgets sign-ins that never came back, and logout tokens that would be too old. */
    public void sweep() {
        store.sweep(clock.instant());
    }

    /** What the provider says when it has ended somebody's sign-in: ours end with it, at once. */
    void ended(String logoutToken, Caller gateway) {
        if (!config.on()) {
            throw new ApiException(
                    ErrorCode.ENDPOINT_NOT_FOUND, "Sign-in through an identity provider is not set up here");
        }
        LogoutClaims claims = tokens.logoutToken(logoutToken);
        store.inTransaction(tx -> {
            if (!tx.firstTime(claims.tokenId(), claims.expiresAt())) {
                throw SignInProblem.UNTRUSTED.because("This logout token was shown before");
            }
            for (SsoStore.Kept session : tx.of(config.issuer(), claims.subject(), claims.providerSession())) {
                end(tx, session, gateway, "the provider has ended its session");
                // Of several sessions that end at once Keycloak tells of one.
                tx.askSoon(config.issuer(), session.subject(), clock.instant().plus(PROVIDER_FINISHES));
            }
            return true;
        });
    }

    /** To the provider's own sign-out, so that the next sign-in asks again who is there. */
    @Override
    public @Nullable String onwards(String sessionId, String origin) {
        if (!config.on()) {
            return null;
        }
        try {
            return store.held(sessionId)
                    .filter(held -> provider.described().endSession() != null)
                    .map(held -> {
                        Map<String, String> query = new LinkedHashMap<>();
                        query.put("id_token_hint", held.idToken());
                        query.put("client_id", config.clientId());
                        query.put("post_logout_redirect_uri", origin + "/login");
                        return SsoService.with(
                                requireNonNull(provider.described().endSession()), query);
                    })
                    .orElse(null);
        } catch (ApiException e) {
            // Signing out here must not depend on anybody else.
            LOG.atWarn().setCause(e).log("The provider's own session could not be ended with one of ours");
            return null;
        }
    }

    private void confirm(SsoStore.Kept session, Instant now) {
        Caller identity = Caller.service("identity", session.workspaceId(), "").doing("identity.sso.confirm");
        @Nullable Instant end = session.endsAt();
        if (end != null && !end.isAfter(now)) {
            end(session, identity, "it was not used for as long as the provider keeps one");
            return;
        }
        SsoStore.Held held = store.held(session.sessionId()).orElse(null);
        if (held == null || held.refreshToken() == null) {
            return;
        }
        try {
            renew(session, held, held.refreshToken(), identity, now);
        } catch (ProviderRefusal e) {
            if (e.endsGrant()) {
                end(session, identity, "the provider does not renew it");
            } else {
                unconfirmed(session, identity, now, e);
            }
        } catch (ApiException e) {
            if (SignInProblem.UNAVAILABLE.in(e) || SignInProblem.MISCONFIGURED.in(e)) {
                unconfirmed(session, identity, now, e);
            } else {
                end(session, identity, String.valueOf(e.getMessage()));
            }
        }
    }

    private void renew(SsoStore.Kept session, SsoStore.Held held, String refreshToken, Caller identity, Instant now) {
        ProviderTokens given = provider.refresh(refreshToken);
        String idToken = given.idToken();
        if (idToken != null) {
            Claims claims = tokens.idToken(idToken, null);
            if (!claims.subject().equals(session.subject())) {
                throw SignInProblem.UNTRUSTED.because("The provider renews the session for another subject");
            }
            federation.follow(identity, claims, session.workspaceId());
        }
        SsoStore.Held renewed = new SsoStore.Held(
                idToken == null ? held.idToken() : idToken,
                given.refreshToken() == null ? refreshToken : given.refreshToken());
        store.refreshed(session.sessionId(), renewed, now, now.plus(config.refreshEvery()), end(given, now));
    }

    private void unconfirmed(SsoStore.Kept session, Caller identity, Instant now, RuntimeException why) {
        @Nullable Instant failing = session.failingSince();
        Instant since = failing == null ? now : failing;
        if (since.plus(config.grace()).isBefore(now)) {
            end(session, identity, "the provider has not confirmed it since " + since);
            return;
        }
        store.failed(session.sessionId(), since);
        LOG.atWarn()
                .addKeyValue("sessionId", session.sessionId())
                .addKeyValue("failingSince", since)
                .addKeyValue("why", why.getMessage())
                .log("The provider does not confirm a session at the moment; it goes on for now");
    }

    private void end(SsoStore.Kept session, Caller by, String reason) {
        store.inTransaction(tx -> {
            end(tx, session, by, reason);
            return true;
        });
    }

    private static void end(SsoStore tx, SsoStore.Kept session, Caller by, String reason) {
        if (tx.end(session)) {
            Caller caller = new Caller(
                    session.workspaceId(),
                    session.userId(),
                    session.userName(),
                    Rights.NONE,
                    by.service(),
                    by.action(),
                    by.requestId());
            tx.audit(caller, "session/" + session.sessionId(), Map.of("ended", true, "because", reason));
        }
    }

    private static @Nullable Instant end(ProviderTokens given, Instant now) {
        return given.refreshLife() == null ? null : now.plus(given.refreshLife());
    }
}
