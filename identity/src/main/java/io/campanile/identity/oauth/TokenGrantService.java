package io.campanile.identity.oauth;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.auth.Scopes;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.credentials.LoginLimits;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.oauth.AccessTokens.Claims;
import io.campanile.identity.settings.AddressListService;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The token endpoint: what a client shows and what it gets for it. */
public final class TokenGrantService {
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private final OAuthStore store;
    private final AccessTokens tokens;
    private final AddressListService addresses;
    private final LoginLimits limits;
    private final Rules rules;
    private final Clock clock;

    /** How long access tokens and grants live. */
    public record Rules(Duration accessLife, Duration grantLife) {}

    /**
     * What a client sent, wherever in the request it stood.
     *
     * @param workspaceId the one whose address it was sent to; null where the address is of none
     */
    record Shown(
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
        /** Whether what is of this workspace may be shown at the address. */
        boolean admits(long other) {
            return workspaceId == null || workspaceId == other;
        }

        @Override
        public String toString() {
            return "Shown[" + grantType + ", ****]";
        }
    }

    record Given(
            String accessToken,
            long expiresIn,
            String scope,
            @Nullable String refreshToken,
            @Nullable String idToken) {
        @Override
        public String toString() {
            return "Given[****]";
        }
    }

    /** Refusals are thrown after the transaction: what a replay ends must stay ended. */
    private sealed interface Outcome permits Granted, Refused {}

    private record Granted(
            Claims claims,
            String userName,
            Set<String> scopes,
            @Nullable String refreshToken,
            @Nullable String nonce) implements Outcome {}

    private record Refused(ApiException reason) implements Outcome {}

    public TokenGrantService(
            OAuthStore store,
            AccessTokens tokens,
            AddressListService addresses,
            LoginLimits limits,
            Rules rules,
            Clock clock) {
        this.store = requireNonNull(store, "store");
        this.tokens = requireNonNull(tokens, "tokens");
        this.addresses = requireNonNull(addresses, "addresses");
        this.limits = requireNonNull(limits, "limits");
        this.rules = requireNonNull(rules, "rules");
        this.clock = requireNonNull(clock, "clock");
    }

    Given give(Shown shown, Caller gateway) {
        Outcome outcome = switch (shown.grantType()) {
            case "client_credentials" -> clientCredentials(shown, gateway);
            case "authorization_code" -> code(publicClient(shown), shown, gateway);
            case "refresh_token" -> refresh(publicClient(shown), shown, gateway);
            default ->
                throw OAuthRefusal.of(
                        "unsupported_grant_type",
                        "grant_type must be authorization_code, client_credentials or refresh_token");
        };
        if (outcome instanceof Refused refused) {
            throw refused.reason();
        }
        return given((Granted) outcome, shown.issuer());
    }

    /** Forgets codes and grants that ended. */
    public void sweep() {
        Instant now = clock.instant();
        store.deleteEnded(now, now.minus(rules.accessLife()));
    }

    private Given given(Granted granted, String issuer) {
        Claims claims = granted.claims();
        return new Given(
                tokens.sign(claims, granted.userName(), issuer),
                ChronoUnit.SECONDS.between(clock.instant(), claims.expiresAt()),
                String.join(" ", granted.scopes().stream().sorted().toList()),
                granted.refreshToken(),
                granted.scopes().contains(AuthorizationService.OPENID)
                        ? tokens.idToken(claims, granted.userName(), issuer, granted.nonce())
                        : null);
    }

    private Outcome clientCredentials(Shown shown, Caller gateway) {
        String given = shown.clientSecret() == null ? "" : shown.clientSecret();
        limits.attempt(shown.clientId(), shown.address());
        Instant now = clock.instant();
        Optional<OAuthStore.Secret> secret = (given.startsWith("dose")
                        ? Minted.lookupOf(given)
                        : Optional.<String>empty())
                .flatMap(store::secret)
                .filter(found -> Minted.matches(given, found.secretHash()))
                .filter(found -> shown.admits(found.workspaceId()))
                .filter(found -> found.expiresAt() == null || found.expiresAt().isAfter(now));
        Optional<OAuthStore.Client> client = store.client(
                        shown.clientId(),
                        secret.map(OAuthStore.Secret::workspaceId).orElse(null))
                .filter(found ->
                        secret.isEmpty() || found.userId() == secret.get().userId());
        if (secret.isEmpty() || client.isEmpty()) {
            store.client(shown.clientId(), null)
                    .ifPresent(known -> store.auditRefusal(
                            caller(gateway, known),
                            "service-principal/" + known.userId(),
                            "Wrong client secret, or one of another workspace, from " + shown.address()));
            return new Refused(OAuthRefusal.invalidClient());
        }
        limits.forgive(shown.clientId(), shown.address());
        Set<String> scopes = AuthorizationService.routes(AuthorizationService.scopes(shown.scope()));
        if (scopes.isEmpty()) {
            return new Refused(OAuthRefusal.of("invalid_scope", "A service principal needs a scope such as all-apis"));
        }
        OAuthStore.Secret used = secret.get();
        addresses.require(used.workspaceId(), shown.address());
        return store.inTransaction(tx -> {
            tx.secretUsed(used, now);
            tx.audit(
                    caller(gateway, client.get()),
                    "service-principal/" + used.userId(),
                    Map.of("secret_id", used.secretId(), "address", shown.address()));
            Claims claims = new Claims(
                    used.workspaceId(),
                    used.userId(),
                    shown.clientId(),
                    "secret:" + used.secretId(),
                    scopes,
                    end(used.expiresAt()));
            return new Granted(claims, client.get().userName(), scopes, null, null);
        });
    }

    private Outcome code(PublicClient client, Shown shown, Caller gateway) {
        Instant now = clock.instant();
        String secret = shown.code() == null ? "" : shown.code();
        Minted.lookupOf(secret)
                .flatMap(store::workspaceOfCode)
                .filter(shown::admits)
                .ifPresent(id -> addresses.require(id, shown.address()));
        return store.inTransaction(tx -> {
            Optional<OAuthStore.Code> found = Minted.lookupOf(secret)
                    .flatMap(tx::lockCode)
                    .filter(c -> Minted.matches(secret, c.secretHash()))
                    .filter(c -> shown.admits(c.workspaceId()));
            if (found.isEmpty()) {
                return new Refused(OAuthRefusal.invalidGrant());
            }
            OAuthStore.Code code = found.get();
            Caller person = caller(gateway, new OAuthStore.Client(code.workspaceId(), code.userId(), ""));
            if (code.usedAt() != null) {
                // Somebody else has it too: neither of the two can be told from the other.
                return replayed(tx, person, code.workspaceId(), code.grantId(), "An authorization code was used again");
            }
            tx.useCode(code, now);
            Optional<String> name = tx.activeName(code.workspaceId(), code.userId());
            boolean bound = code.clientId().equals(client.clientId())
                    && code.redirectUri().equals(shown.redirectUri())
                    && proves(shown.codeVerifier(), code.codeChallenge());
            boolean current = code.expiresAt().isAfter(now)
                    && tx.hasSession(code.workspaceId(), code.userId(), code.sessionId(), now);
            if (!bound || !current || name.isEmpty()) {
                tx.auditRefusal(person, "oauth-grant/" + code.grantId(), "An authorization code did not fit");
                return new Refused(OAuthRefusal.invalidGrant());
            }
            tx.insertGrant(code, now, now.plus(rules.grantLife()));
            tx.audit(
                    person,
                    "oauth-grant/" + code.grantId(),
                    Map.of("client_id", code.clientId(), "address", shown.address()));
            Granting granting = new Granting(code.workspaceId(), code.userId(), name.get(), client.clientId());
            return granted(
                    tx,
                    granting,
                    code.grantId(),
                    Scopes.split(code.scopes()),
                    now.plus(rules.grantLife()),
                    code.nonce());
        });
    }

    private Outcome refresh(PublicClient client, Shown shown, Caller gateway) {
        Instant now = clock.instant();
        String secret = shown.refreshToken() == null ? "" : shown.refreshToken();
        Minted.lookupOf(secret)
                .flatMap(store::workspaceOfRefresh)
                .filter(shown::admits)
                .ifPresent(id -> addresses.require(id, shown.address()));
        return store.inTransaction(tx -> {
            Optional<OAuthStore.Refresh> found = Minted.lookupOf(secret)
                    .flatMap(tx::lockRefresh)
                    .filter(r -> Minted.matches(secret, r.secretHash()))
                    .filter(r -> shown.admits(r.workspaceId()));
            if (found.isEmpty()) {
                return new Refused(OAuthRefusal.invalidGrant());
            }
            OAuthStore.Refresh refresh = found.get();
            Caller person = caller(gateway, new OAuthStore.Client(refresh.workspaceId(), refresh.userId(), ""));
            if (refresh.usedAt() != null) {
                return replayed(tx, person, refresh.workspaceId(), refresh.grantId(), "A refresh token was used again");
            }
            Optional<String> name = tx.activeName(refresh.workspaceId(), refresh.userId());
            if (!refresh.clientId().equals(client.clientId())
                    || refresh.revokedAt() != null
                    || !refresh.expiresAt().isAfter(now)
                    || name.isEmpty()) {
                return new Refused(OAuthRefusal.invalidGrant());
            }
            Set<String> held = Scopes.split(refresh.scopes());
            Set<String> wanted = shown.scope() == null ? held : Scopes.split(shown.scope());
            if (!held.containsAll(wanted) || wanted.isEmpty()) {
                return new Refused(OAuthRefusal.of("invalid_scope", "A refresh cannot ask for more than was allowed"));
            }
            tx.useRefresh(refresh, now);
            Granting granting = new Granting(refresh.workspaceId(), refresh.userId(), name.get(), client.clientId());
            return granted(tx, granting, refresh.grantId(), wanted, refresh.expiresAt(), null);
        });
    }

    private record Granting(long workspaceId, long userId, String userName, String clientId) {}

    private Granted granted(
            OAuthStore tx,
            Granting granting,
            String grantId,
            Set<String> scopes,
            Instant grantEnds,
            @Nullable String nonce) {
        @Nullable Minted refresh = null;
        if (scopes.contains(AuthorizationService.OFFLINE)) {
            refresh = Minted.create("");
            tx.insertRefresh(granting.workspaceId(), grantId, refresh, clock.instant());
        }
        Claims claims = new Claims(
                granting.workspaceId(),
                granting.userId(),
                granting.clientId(),
                "grant:" + grantId,
                AuthorizationService.routes(scopes),
                end(grantEnds));
        return new Granted(claims, granting.userName(), scopes, refresh == null ? null : refresh.value(), nonce);
    }

    private Refused replayed(OAuthStore tx, Caller person, long workspaceId, String grantId, String what) {
        tx.revokeGrant(workspaceId, grantId, clock.instant());
        tx.auditRefusal(person, "oauth-grant/" + grantId, what + ": the grant was ended");
        return new Refused(OAuthRefusal.invalidGrant());
    }

    /** Public clients have no secret; one that is sent all the same must be empty. */
    private static PublicClient publicClient(Shown shown) {
        if (shown.clientSecret() != null && !shown.clientSecret().isEmpty()) {
            throw OAuthRefusal.invalidClient();
        }
        return PublicClient.find(shown.clientId()).orElseThrow(OAuthRefusal::invalidClient);
    }

    /** An hour from now, but not beyond the end of what the token is made of. */
    private Instant end(@Nullable Instant limit) {
        Instant end = clock.instant().plus(rules.accessLife());
        return (limit != null && limit.isBefore(end) ? limit : end).truncatedTo(ChronoUnit.SECONDS);
    }

    private static boolean proves(@Nullable String verifier, String challenge) {
        if (verifier == null || !VERIFIER.matcher(verifier).matches()) {
            return false;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            String made = Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
            return MessageDigest.isEqual(
                    made.getBytes(StandardCharsets.US_ASCII), challenge.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    private static Caller caller(Caller gateway, OAuthStore.Client person) {
        return new Caller(
                person.workspaceId(),
                person.userId(),
                person.userName(),
                Rights.NONE,
                gateway.service(),
                gateway.action(),
                gateway.requestId());
    }
}
