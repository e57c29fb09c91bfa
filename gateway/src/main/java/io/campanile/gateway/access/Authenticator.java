package io.campanile.gateway.access;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.campanile.common.json.Json;
import io.campanile.gateway.upstream.ServiceCalls;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/** Asks identity whom a credential stands for; a positive answer is believed for three seconds. */
public final class Authenticator {
    /** With the check of open sockets this keeps the promise that a revoked credential is refused within 5 s. */
    private static final Duration BELIEVED = Duration.ofSeconds(3);

    private final ServiceCalls services;
    private final Cache<String, Future<Principal>> known =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(BELIEVED).build();

    public Authenticator(ServiceCalls services) {
        this.services = requireNonNull(services, "services");
    }

    /** Fails with UNAUTHENTICATED when the credential does not open the door. Concurrent requests share one question. */
    public Future<Principal> authenticate(Credential credential, String requestId) {
        String key = key(credential);
        Future<Principal> answered = known.getIfPresent(key);
        if (answered != null) {
            return answered;
        }
        Future<Principal> asked = services.post(
                        "identity",
                        "/internal/authenticate",
                        Map.of(
                                "kind", credential.kind().name().toLowerCase(Locale.ROOT),
                                "secret", credential.secret()),
                        requestId)
                .map(answer -> Json.MAPPER.convertValue(answer, Principal.class));
        known.put(key, asked);
        return asked.onFailure(failure -> known.asMap().remove(key, asked));
    }

    /** Asks again at the next request: the credential was just ended here. */
    public void forget(Credential credential) {
        known.invalidate(key(credential));
    }

    /** Asks again for everything that a session or token of this id opens: what its person may do has changed. */
    public void forget(String credentialId) {
        known.asMap()
                .values()
                .removeIf(answer -> answer.succeeded()
                        && (credentialId.equals(answer.result().sessionId())
                                || credentialId.equals(answer.result().tokenId())));
    }

    /** Secrets are not kept in memory longer than the request that shows them. */
    private static String key(Credential credential) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(credential.kind().name().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(credential.secret().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
