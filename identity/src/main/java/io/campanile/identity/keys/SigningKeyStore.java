package io.campanile.identity.keys;

import static io.campanile.identity.db.Tables.SIGNING_KEY;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.Envelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Records;
import org.jooq.impl.DSL;

/** All SQL of signing keys. They belong to the installation, so none of it names a workspace. */
public final class SigningKeyStore {
    /** Any constant: one process at a time makes keys. */
    private static final long KEYS_LOCK = 7_281_540_122L;

    /** Data keys of workspace 0 are those of the installation. */
    private static final long INSTALLATION = 0;

    private static final String KIND = "signing-key";

    private final DSLContext db;
    private final Envelope envelope;

    public SigningKeyStore(DSLContext db, Envelope envelope) {
        this.db = requireNonNull(db, "db");
        this.envelope = requireNonNull(envelope, "envelope");
    }

    /** Runs in one transaction that no other maker of keys overlaps. */
    <T> T locked(Function<SigningKeyStore, T> work) {
        return db.transactionResult(configuration -> {
            DSLContext tx = DSL.using(configuration);
            tx.execute("select pg_advisory_xact_lock({0})", DSL.val(KEYS_LOCK));
            return work.apply(new SigningKeyStore(tx, envelope));
        });
    }

    List<SigningKey> published(Instant now) {
        return db.select(
                        SIGNING_KEY.KEY_ID,
                        SIGNING_KEY.PUBLIC_KEY,
                        SIGNING_KEY.SIGNS_FROM,
                        SIGNING_KEY.SIGNS_UNTIL,
                        SIGNING_KEY.PUBLISHED_UNTIL)
                .from(SIGNING_KEY)
                .where(SIGNING_KEY.PUBLISHED_UNTIL.gt(now))
                .orderBy(SIGNING_KEY.SIGNS_FROM, SIGNING_KEY.KEY_ID)
                .fetch(Records.mapping(SigningKey::new));
    }

    /** Until when keys that exist can sign; empty when there are none. */
    Optional<Instant> signsUntil() {
        return db.select(DSL.max(SIGNING_KEY.SIGNS_UNTIL)).from(SIGNING_KEY).fetchOptional(0, Instant.class);
    }

    void insert(SigningKey key, String privateJwk, Instant now) {
        byte[] privateKey =
                envelope.seal(db, INSTALLATION, privateJwk.getBytes(StandardCharsets.UTF_8), KIND, key.keyId());
        db.insertInto(SIGNING_KEY)
                .set(SIGNING_KEY.KEY_ID, key.keyId())
                .set(SIGNING_KEY.PUBLIC_KEY, key.publicJwk())
                .set(SIGNING_KEY.PRIVATE_KEY, privateKey)
                .set(SIGNING_KEY.CREATED_AT, now)
                .set(SIGNING_KEY.SIGNS_FROM, key.signsFrom())
                .set(SIGNING_KEY.SIGNS_UNTIL, key.signsUntil())
                .set(SIGNING_KEY.PUBLISHED_UNTIL, key.publishedUntil())
                .execute();
        Caller identity = Caller.service("identity", INSTALLATION, "").doing("identity.signing-key.create");
        Audit.record(
                db,
                identity,
                "signing-key/" + key.keyId(),
                Map.of("signs_from", key.signsFrom(), "signs_until", key.signsUntil()));
    }

    Optional<String> privateJwk(String keyId) {
        return db.select(SIGNING_KEY.PRIVATE_KEY)
                .from(SIGNING_KEY)
                .where(SIGNING_KEY.KEY_ID.eq(keyId))
                .fetchOptional(SIGNING_KEY.PRIVATE_KEY)
                .map(stored ->
                        new String(envelope.open(db, INSTALLATION, stored, KIND, keyId), StandardCharsets.UTF_8));
    }

    void deleteUnpublished(Instant now) {
        db.deleteFrom(SIGNING_KEY).where(SIGNING_KEY.PUBLISHED_UNTIL.le(now)).execute();
    }
}
