package io.campanile.identity.sso;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.credentials.LoginLimits;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.people.SignInProblem;
import io.campanile.identity.sessions.SessionService;
import io.campanile.identity.settings.AddressListService;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The way to the provider and back: authorization code with PKCE, state and nonce, all bound to one browser. */
public final class SsoService {
    /** For a password, a second factor and perhaps a new password over there. */
    private static final Duration ATTEMPT_LIFE = Duration.ofMinutes(15);

    private static final Pattern BROWSER = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern REDIRECT = Pattern.compile("https?://[a-z0-9.:\\[\\]-]{1,300}/oidc/sso/callback");
    /** A path of this site and nothing that any browser takes for another. */
    private static final Pattern NEXT = Pattern.compile("/(?![/\\\\])[\\x21-\\x5b\\x5d-\\x7e]{0,2000}");

    private static final int LONGEST_CODE = 4096;
    /** What is counted of strangers: sign-ins that are begun, and answers to none of them, which the audit log keeps. */
    private static final String START = "sso start";

    private static final String ANSWER = "sso answer";

    private final SsoConfig config;
    private final ProviderClient provider;
    private final IdTokens tokens;
    private final SsoStore store;
    private final People people;
    private final SsoSessionService kept;
    private final LoginLimits limits;
    private final Clock clock;

    /** What is known here of people, and the sessions they get. */
    record People(Federation federation, AddressListService addresses, SessionService sessions) {}

    /**
     * A sign-in that a browser begins.
     *
     * @param browser the secret the browser has already; null or of no known form: it gets one
     * @param workspaceId the one the address names; null when it names none
     */
    record Asked(
            String redirectUri,
            @Nullable String next,
            String address,
            @Nullable String browser,
            @Nullable Long workspaceId) {}

    record Sent(String location, String browser) {}

    /** What the provider has sent the browser back with. */
    record Answer(
            @Nullable String state,
            @Nullable String code,
            @Nullable String error,
            @Nullable String issuer,
            @Nullable String browser,
            String address) {
        @Override
        public String toString() {
            return "Answer[****]";
        }
    }

    record In(SessionService.Opened session, long workspaceId, String next) {}

    SsoService(
            SsoConfig config,
            ProviderClient provider,
            IdTokens tokens,
            SsoStore store,
            People people,
            SsoSessionService kept,
            LoginLimits limits,
            Clock clock) {
        this.config = requireNonNull(config, "config");
        this.provider = requireNonNull(provider, "provider");
        this.tokens = requireNonNull(tokens, "tokens");
        this.store = requireNonNull(store, "store");
        this.people = requireNonNull(people, "people");
        this.kept = requireNonNull(kept, "kept");
        this.limits = requireNonNull(limits, "limits");
        this.clock = requireNonNull(clock, "clock");
    }

    Sent start(Asked asked) {
        requireOn();
        if (!REDIRECT.matcher(asked.redirectUri()).matches()) {
            throw ApiException.invalid("redirect_uri is not the callback of this site");
        }
        limits.attempt(START, asked.address());
        ProviderClient.Described described = provider.described();
        @Nullable String held = asked.browser();
        String browser = held != null && BROWSER.matcher(held).matches() ? held : Minted.randomHex(32);
        Minted state = Minted.create("");
        store.insert(new SsoStore.Attempt(
                state.lookup(),
                state.hash(),
                Minted.hashOf(browser),
                asked.workspaceId(),
                asked.redirectUri(),
                safe(asked.next()),
                clock.instant().plus(ATTEMPT_LIFE)));
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", config.clientId());
        query.put("redirect_uri", asked.redirectUri());
        query.put("scope", "openid profile email");
        query.put("state", state.value());
        query.put("nonce", SsoSecrets.nonce(browser, state.value()));
        query.put("code_challenge", SsoSecrets.challenge(SsoSecrets.verifier(browser, state.value())));
        query.put("code_challenge_method", "S256");
        return new Sent(with(described.authorize(), query), browser);
    }

    In finish(Answer answer, Caller gateway) {
        requireOn();
        limits.attempt(ANSWER, answer.address());
        Caller refused = gateway;
        try {
            SsoStore.Attempt attempt = attempt(answer);
            // Told to the administrators of the workspace that it was about.
            refused = Caller.service(String.valueOf(gateway.service()), workspace(attempt), gateway.requestId())
                    .doing(gateway.action());
            return finish(answer, attempt, gateway);
        } catch (ApiException e) {
            store.auditRefusal(refused, "session/provider", e.getMessage() + " (from " + answer.address() + ")");
            throw e;
        }
    }

    private long workspace(SsoStore.Attempt attempt) {
        @Nullable Long addressed = attempt.workspaceId();
        return addressed == null ? people.federation().onlyWorkspace().orElse(0L) : addressed;
    }

    private In finish(Answer answer, SsoStore.Attempt attempt, Caller gateway) {
        requireCode(answer);
        ProviderTokens given = exchanged(answer, attempt);
        String idToken = given.idToken();
        if (idToken == null) {
            throw SignInProblem.UNTRUSTED.because("The identity provider gives no ID token");
        }
        String nonce = SsoSecrets.nonce(requireNonNull(answer.browser()), requireNonNull(answer.state()));
        Claims claims = tokens.idToken(idToken, nonce);
        return admitted(answer, attempt, claims, new SsoStore.Held(idToken, given.refreshToken()), given, gateway);
    }

    private In admitted(
            Answer answer,
            SsoStore.Attempt attempt,
            Claims claims,
            SsoStore.Held held,
            ProviderTokens given,
            Caller gateway) {
        Federation.Entered entered = people.federation().enter(gateway, claims, attempt.workspaceId());
        try {
            people.addresses().require(entered.workspaceId(), answer.address());
        } catch (ApiException e) {
            throw SignInProblem.ADDRESS.because(String.valueOf(e.getMessage()), e);
        }
        SessionService.Vouched vouched =
                new SessionService.Vouched(entered.workspaceId(), entered.userId(), entered.userName());
        SessionService.Opened session = people.sessions().open(gateway, vouched, answer.address());
        kept.keep(session.sessionId(), vouched, claims, held, given);
        limits.forgive(START, answer.address());
        limits.forgive(ANSWER, answer.address());
        return new In(session, entered.workspaceId(), attempt.nextPath());
    }

    /** The attempt that the answer is to; it is used up, whatever comes of it. */
    private SsoStore.Attempt attempt(Answer answer) {
        @Nullable String state = answer.state();
        @Nullable String browser = answer.browser();
        Instant now = clock.instant();
        return (state == null ? java.util.Optional.<String>empty() : Minted.lookupOf(state))
                .flatMap(store::take)
                .filter(attempt -> Minted.matches(requireNonNull(state), attempt.stateHash()))
                .filter(attempt -> browser != null && Minted.matches(browser, attempt.browserHash()))
                .filter(attempt -> attempt.expiresAt().isAfter(now))
                .orElseThrow(() -> SignInProblem.STALE.because(
                        "An answer of the identity provider to no sign-in of this browser that is on its way"));
    }

    private void requireCode(Answer answer) {
        if (answer.issuer() != null && !answer.issuer().equals(config.issuer())) {
            throw SignInProblem.UNTRUSTED.because("The answer comes from another issuer");
        }
        @Nullable String error = answer.error();
        if (error == null && answer.code() != null && answer.code().length() <= LONGEST_CODE) {
            return;
        }
        String said = error == null ? "no code" : error.replaceAll("[^a-z_]", "?");
        SignInProblem problem = switch (said) {
            case "access_denied" -> SignInProblem.CANCELED;
            case "server_error", "temporarily_unavailable" -> SignInProblem.UNAVAILABLE;
            case "no code" -> SignInProblem.UNTRUSTED;
            default -> SignInProblem.MISCONFIGURED;
        };
        throw problem.because("The identity provider answers " + said.substring(0, Math.min(64, said.length())));
    }

    private ProviderTokens exchanged(Answer answer, SsoStore.Attempt attempt) {
        String verifier = SsoSecrets.verifier(requireNonNull(answer.browser()), requireNonNull(answer.state()));
        try {
            return provider.exchange(requireNonNull(answer.code()), attempt.redirectUri(), verifier);
        } catch (ProviderRefusal e) {
            throw (e.endsGrant() ? SignInProblem.STALE : SignInProblem.MISCONFIGURED)
                    .because(String.valueOf(e.getMessage()), e);
        }
    }

    private void requireOn() {
        if (!config.on()) {
            throw new ApiException(
                    ErrorCode.ENDPOINT_NOT_FOUND, "Sign-in through an identity provider is not set up here");
        }
    }

    private static String safe(@Nullable String next) {
        return next != null && NEXT.matcher(next).matches() && !next.contains("/..") ? next : "/";
    }

    /** An address of the provider with parameters, whether or not it has some of its own. */
    static String with(URI address, Map<String, String> query) {
        return address + (address.getRawQuery() == null ? "?" : "&") + ProviderClient.form(query);
    }
}
