package io.campanile.identity.tokens;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Scopes;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.settings.WorkspaceConfService;
import io.campanile.identity.usage.UsageService;
import io.campanile.identity.usage.Use;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules of personal access tokens: a bounded life, a quota, scopes that only ever narrow. */
public final class TokenService {
    private static final Pattern TOKEN_ID = Pattern.compile("[0-9a-f]{64}");
    private static final int LONGEST_COMMENT = 1000;
    private static final Set<String> CHANGEABLE = Set.of("comment", "scopes");

    private final TokenStore tokens;
    private final UsageService usage;
    private final WorkspaceConfService conf;
    private final Rules rules;
    private final Clock clock;

    /** How long tokens live and how many a person may have. */
    public record Rules(Duration life, Duration longestLife, int perUser) {}

    /** What is asked of a new token. */
    record Wish(
            @Nullable String comment,
            @Nullable Long lifeSeconds,
            @Nullable List<String> scopes) {}

    record Created(Secret value, AccessToken token) {}

    /** What a token shall say; {@code fields} names which of it. */
    record Change(
            Set<String> fields,
            @Nullable String comment,
            @Nullable List<String> scopes) {}

    public TokenService(TokenStore tokens, UsageService usage, WorkspaceConfService conf, Rules rules, Clock clock) {
        this.tokens = requireNonNull(tokens, "tokens");
        this.usage = requireNonNull(usage, "usage");
        this.conf = requireNonNull(conf, "conf");
        this.rules = requireNonNull(rules, "rules");
        this.clock = requireNonNull(clock, "clock");
    }

    Created create(Caller caller, Wish wish) {
        usage.require(caller, Use.TOKENS);
        return insert(caller, caller.userId(), wish);
    }

    /** A token of a service principal, made by an administrator. */
    Created createFor(Caller admin, String applicationId, Wish wish) {
        long owner = tokens.servicePrincipal(admin.workspaceId(), applicationId)
                .orElseThrow(() -> ApiException.notFound(
                        "Service principal with application id " + shown(applicationId) + " does not exist"));
        return insert(admin, owner, wish);
    }

    List<AccessToken> list(Caller caller) {
        return tokens.list(caller.workspaceId(), caller.userId(), clock.instant());
    }

    /** Those of the workspace; {@code createdById} and {@code createdByName} narrow, where they are given. */
    List<AccessToken> listAll(Caller admin, @Nullable Long createdById, @Nullable String createdByName) {
        @Nullable Long maker = createdById;
        if (createdByName != null) {
            maker = tokens.member(admin.workspaceId(), createdByName).orElse(0L);
            if (createdById != null && !createdById.equals(maker)) {
                return List.of();
            }
        }
        return tokens.listAll(admin.workspaceId(), maker, clock.instant());
    }

    AccessToken get(Caller admin, String tokenId) {
        return tokens.find(admin.workspaceId(), known(tokenId), clock.instant()).orElseThrow(() -> unknown(tokenId));
    }

    Map<Long, String> names(Caller admin, List<AccessToken> listed) {
        return tokens.names(
                admin.workspaceId(), listed.stream().map(TokenService::maker).collect(Collectors.toSet()));
    }

    static long maker(AccessToken token) {
        return token.createdBy() == null ? token.userId() : token.createdBy();
    }

    AccessToken updateOwn(Caller caller, String tokenId, Change change) {
        return update(caller, tokenId, change, true);
    }

    AccessToken updateAny(Caller admin, String tokenId, Change change) {
        return update(admin, tokenId, change, false);
    }

    void deleteOwn(Caller caller, String tokenId) {
        delete(caller, tokenId, true);
    }

    void deleteAny(Caller admin, String tokenId) {
        delete(admin, tokenId, false);
    }

    /** Forgets what ended a month ago. */
    public void sweep() {
        tokens.deleteExpired(clock.instant().minus(Duration.ofDays(30)));
    }

    private Created insert(Caller caller, long owner, Wish wish) {
        if (!conf.tokensEnabled(caller.workspaceId())) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED, "Personal access tokens are switched off in this workspace");
        }
        String comment = comment(wish.comment());
        @Nullable Set<String> scopes = scopes(caller, wish.scopes());
        Instant now = clock.instant();
        Minted secret = Minted.create("dapi");
        AccessToken token = new AccessToken(
                Minted.randomHex(32),
                caller.workspaceId(),
                owner,
                comment,
                now,
                now.plus(life(caller.workspaceId(), wish.lifeSeconds())),
                null,
                caller.userId(),
                scopes);
        return tokens.inTransaction(tx -> {
            if (tx.lockAndCount(caller.workspaceId(), owner, now) >= rules.perUser()) {
                throw new ApiException(
                        ErrorCode.INVALID_STATE,
                        (owner == caller.userId() ? "You have " : "The service principal has ") + rules.perUser()
                                + " tokens, which is the limit; delete one first");
            }
            tx.insert(token, secret);
            tx.audit(caller, resource(token.tokenId()), facts(token));
            return new Created(new Secret(secret.value()), token);
        });
    }

    private AccessToken update(Caller caller, String tokenId, Change change, boolean own) {
        for (String field : change.fields()) {
            if (!CHANGEABLE.contains(field)) {
                throw ApiException.invalid("update_mask: a token's comment and scopes can change, not " + shown(field));
            }
        }
        return tokens.inTransaction(tx -> {
            AccessToken before = tx.find(caller.workspaceId(), known(tokenId), clock.instant())
                    .filter(token -> !own || token.userId() == caller.userId())
                    .orElseThrow(() -> unknown(tokenId));
            String comment = change.fields().contains("comment") ? comment(change.comment()) : before.comment();
            @Nullable
            Set<String> scopes = change.fields().contains("scopes") ? scopes(caller, change.scopes()) : before.scopes();
            if (!Scopes.within(scopes, before.scopes())) {
                throw ApiException.invalid("scopes: a token cannot be given more than it was made with");
            }
            tx.update(caller.workspaceId(), tokenId, comment, scopes);
            AccessToken after =
                    tx.find(caller.workspaceId(), tokenId, clock.instant()).orElseThrow();
            tx.audit(caller, resource(tokenId), facts(after));
            return after;
        });
    }

    private void delete(Caller caller, String tokenId, boolean own) {
        tokens.inTransaction(tx -> {
            AccessToken token = tx.find(caller.workspaceId(), known(tokenId), clock.instant())
                    .filter(found -> !own || found.userId() == caller.userId())
                    .orElseThrow(() -> unknown(tokenId));
            tx.delete(caller.workspaceId(), token.tokenId());
            tx.audit(caller, resource(tokenId), Map.of("owner_id", token.userId()));
            return true;
        });
    }

    /** At most what the caller's own credential is limited to; null is everything. */
    private static @Nullable Set<String> scopes(Caller caller, @Nullable List<String> wished) {
        @Nullable Set<String> held = caller.rights().scopes();
        if (wished == null || wished.isEmpty()) {
            return held;
        }
        List<String> unknown = Scopes.unknown(wished);
        if (!unknown.isEmpty()) {
            throw ApiException.invalid(
                    "scopes: no such scope: " + shown(unknown.get(0)) + "; there are " + Scopes.known());
        }
        Set<String> scopes = Set.copyOf(wished);
        if (!Scopes.within(scopes, held)) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED, "scopes: more than the token in use has cannot be given on");
        }
        return scopes;
    }

    private static String comment(@Nullable String comment) {
        String text = comment == null ? "" : comment;
        if (text.length() > LONGEST_COMMENT || text.indexOf('\0') >= 0) {
            throw ApiException.invalid("comment has at most " + LONGEST_COMMENT + " characters and no NUL");
        }
        return text;
    }

    private Duration life(long workspaceId, @Nullable Long seconds) {
        Duration longest = conf.longestTokenLife(workspaceId)
                .filter(life -> life.compareTo(rules.longestLife()) < 0)
                .orElse(rules.longestLife());
        if (seconds == null) {
            return rules.life().compareTo(longest) < 0 ? rules.life() : longest;
        }
        if (seconds < 1 || seconds > longest.toSeconds()) {
            throw ApiException.invalid(
                    "lifetime_seconds must be between 1 and " + longest.toSeconds() + ": " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    private static Map<String, Object> facts(AccessToken token) {
        Map<String, Object> facts = new HashMap<>();
        facts.put("owner_id", token.userId());
        facts.put("expires_at", token.expiresAt());
        facts.put("scopes", token.scopes() == null ? List.of(Scopes.ALL) : token.scopes());
        return facts;
    }

    private static String resource(String tokenId) {
        return "token/" + tokenId;
    }

    private static String known(String tokenId) {
        if (!TOKEN_ID.matcher(tokenId).matches()) {
            throw unknown(tokenId);
        }
        return tokenId;
    }

    private static ApiException unknown(String tokenId) {
        return ApiException.notFound("Token with ID " + shown(tokenId) + " does not exist!");
    }

    private static String shown(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "..." : text;
    }
}
