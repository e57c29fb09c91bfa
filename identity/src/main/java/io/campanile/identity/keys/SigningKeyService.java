package io.campanile.identity.keys;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.campanile.identity.credentials.Minted;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one key signing and, in time before it ends, the next one published. Keys are read again every minute, so that
 * several processes agree soon.
 */
public final class SigningKeyService {
    private static final int RSA_BITS = 2048;
    private static final Duration READ_AGAIN = Duration.ofMinutes(1);
    /** A key nobody knows makes us look, but not more often than this. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    private final SigningKeyStore keys;
    private final Rules rules;
    private final Clock clock;
    private volatile @Nullable Known known;

    /**
     * How long a key signs, how long before that it is published, and how long what it signs lives.
     */
    public record Rules(Duration signs, Duration publishedBefore, Duration tokenLife) {}

    private record Known(Instant readAt, Optional<RSAKey> signing, Instant signsUntil, Map<String, RSAKey> published) {}

    public SigningKeyService(SigningKeyStore keys, Rules rules, Clock clock) {
        this.keys = requireNonNull(keys, "keys");
        this.rules = requireNonNull(rules, "rules");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Makes the keys that are due and forgets those nothing depends on any more. Harmless when repeated. */
    public void tend() {
        // The database rounds to microseconds, perhaps up: a key made now must sign now.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        keys.locked(tx -> {
            tx.deleteUnpublished(now);
            Instant until = tx.signsUntil().filter(end -> end.isAfter(now)).orElseGet(() -> make(tx, now, now));
            if (!until.minus(rules.publishedBefore()).isAfter(now)) {
                make(tx, until, now);
            }
            return true;
        });
        known = read(now);
    }

    /** The key that signs now, with its private half. */
    public RSAKey signing() {
        Known current = known(READ_AGAIN);
        if (current.signing().isEmpty() || !current.signsUntil().isAfter(clock.instant())) {
            tend();
            current = known(READ_AGAIN);
        }
        return current.signing().orElseThrow(() -> new IllegalStateException("tend() has made a key"));
    }

    /** The published key of an id. */
    public Optional<RSAKey> published(String keyId) {
        RSAKey found = known(READ_AGAIN).published().get(keyId);
        return Optional.ofNullable(
                found != null ? found : known(LOOK_AGAIN).published().get(keyId));
    }

    /** The public halves, as JWKS has them. */
    public List<Map<String, Object>> published() {
        signing();
        return known(READ_AGAIN).published().values().stream()
                .map(RSAKey::toJSONObject)
                .toList();
    }

    private Known known(Duration age) {
        Instant now = clock.instant();
        Known current = known;
        if (current == null || !current.readAt().plus(age).isAfter(now)) {
            current = read(now);
            known = current;
        }
        return current;
    }

    private Known read(Instant now) {
        Map<String, RSAKey> published = new LinkedHashMap<>();
        Optional<RSAKey> signing = Optional.empty();
        Instant until = now;
        for (SigningKey key : keys.published(now)) {
            published.put(key.keyId(), parse(key.publicJwk()));
            if (key.signsAt(now)) {
                signing = keys.privateJwk(key.keyId()).map(SigningKeyService::parse);
                until = key.signsUntil();
            }
        }
        return new Known(now, signing, until, published);
    }

    /** Until when the new key signs. */
    private Instant make(SigningKeyStore tx, Instant from, Instant now) {
        try {
            RSAKey pair = new RSAKeyGenerator(RSA_BITS)
                    .keyID(Minted.randomHex(16))
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
            Instant until = from.plus(rules.signs());
            SigningKey key = new SigningKey(
                    pair.getKeyID(), pair.toPublicJWK().toJSONString(), from, until, until.plus(rules.tokenLife()));
            tx.insert(key, pair.toJSONString(), now);
            return until;
        } catch (JOSEException e) {
            throw new IllegalStateException("An RSA key could not be made", e);
        }
    }

    private static RSAKey parse(String jwk) {
        try {
            return RSAKey.parse(jwk);
        } catch (ParseException e) {
            throw new IllegalStateException("A stored key is no JWK", e);
        }
    }
}
