package io.campanile.identity.clientsecrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.credentials.Minted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules of client secrets: few per service principal, shown once, ended one by one. */
public final class ClientSecretService {
    private static final int MOST = 5;
    private static final Pattern LIFETIME = Pattern.compile("([0-9]{1,10})s");

    private final ClientSecretStore secrets;
    private final Duration longest;
    private final Clock clock;

    record Created(Secret value, ClientSecret secret) {}

    public ClientSecretService(ClientSecretStore secrets, Duration longest, Clock clock) {
        this.secrets = requireNonNull(secrets, "secrets");
        this.longest = requireNonNull(longest, "longest");
        this.clock = requireNonNull(clock, "clock");
    }

    /** The workspace in which the account makes secrets of a service principal. */
    long homeOf(long principalId) {
        return secrets.homeOf(principalId).orElseThrow(() -> unknown(principalId));
    }

    Created create(Caller caller, long workspaceId, long principalId, @Nullable String lifetime) {
        Instant now = clock.instant();
        Minted minted = Minted.create("dose");
        ClientSecret secret = new ClientSecret(
                Minted.randomHex(16), workspaceId, principalId, minted.hash(), now, now.plus(life(lifetime)));
        return secrets.inTransaction(tx -> {
            if (!tx.lock(workspaceId, principalId)) {
                throw unknown(principalId);
            }
            if (tx.list(workspaceId, principalId).size() >= MOST) {
                throw new ApiException(
                        ErrorCode.INVALID_STATE,
                        "A service principal has at most " + MOST + " secrets; delete one first");
            }
            tx.insert(secret, minted);
            tx.audit(caller, resource(principalId), Map.of("secret_id", secret.secretId()));
            return new Created(new Secret(minted.value()), secret);
        });
    }

    List<ClientSecret> list(long workspaceId, long principalId) {
        return secrets.inTransaction(tx -> {
            if (!tx.lock(workspaceId, principalId)) {
                throw unknown(principalId);
            }
            return tx.list(workspaceId, principalId);
        });
    }

    void delete(Caller caller, long workspaceId, long principalId, String secretId) {
        secrets.inTransaction(tx -> {
            if (!tx.lock(workspaceId, principalId)) {
                throw unknown(principalId);
            }
            if (!tx.delete(workspaceId, principalId, secretId)) {
                throw ApiException.notFound("Secret " + shown(secretId) + " does not exist");
            }
            tx.audit(caller, resource(principalId), Map.of("secret_id", secretId));
            return true;
        });
    }

    boolean ended(ClientSecret secret) {
        Instant end = secret.expiresAt();
        return end != null && !end.isAfter(clock.instant());
    }

    private Duration life(@Nullable String lifetime) {
        if (lifetime == null || lifetime.isEmpty()) {
            return longest;
        }
        Matcher form = LIFETIME.matcher(lifetime);
        Duration life = form.matches() ? Duration.ofSeconds(Long.parseLong(form.group(1))) : Duration.ZERO;
        if (life.isZero() || life.compareTo(longest) > 0) {
            throw ApiException.invalid("lifetime is a number of seconds such as 3600s, from 1s to "
                    + longest.toSeconds() + "s: " + shown(lifetime));
        }
        return life;
    }

    private static String resource(long principalId) {
        return "service-principal/" + principalId;
    }

    private static ApiException unknown(long principalId) {
        return ApiException.notFound("Service principal " + principalId + " does not exist");
    }

    private static String shown(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "..." : text;
    }
}
