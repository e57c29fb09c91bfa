package io.campanile.identity.sso;

import static io.campanile.identity.db.Tables.ACCOUNT;
import static io.campanile.identity.db.Tables.LOGIN_SESSION;
import static io.campanile.identity.db.Tables.SSO_ATTEMPT;
import static io.campanile.identity.db.Tables.SSO_LOGOUT_TOKEN;
import static io.campanile.identity.db.Tables.SSO_SESSION;
import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.db.TenantFence;
import io.campanile.common.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SelectSeekStepN;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * All SQL of sign-ins through a provider. Their state, a session of the provider's or a subject is what says the
 * workspace, so the searches for them cannot name it.
 */
public final class SsoStore {
    /** Data keys of workspace 0 are those of the installation: a provider is for all workspaces. */
    private static final long INSTALLATION = 0;

    private static final String KIND = "sso-tokens";

    private final DSLContext db;
    private final Envelope envelope;

    public SsoStore(DSLContext db, Envelope envelope) {
        this.db = requireNonNull(db, "db");
        this.envelope = requireNonNull(envelope, "envelope");
    }

    private static DSLContext everywhere(DSLContext db) {
        return TenantFence.acrossWorkspaces(db, "what a provider has vouched for is what says the workspace");
    }

    record Attempt(
            String lookup,
            String stateHash,
            String browserHash,
            @Nullable Long workspaceId,
            String redirectUri,
            String nextPath,
            Instant expiresAt) {}

    /** What the provider gave for a session; sealed, as it opens the provider. */
    record Held(String idToken, @Nullable String refreshToken) {
        @Override
        public String toString() {
            return "Held[****]";
        }
    }

    /** A session here and whose it is over there. */
    record Kept(
            String sessionId,
            long workspaceId,
            long userId,
            String userName,
            String subject,
            @Nullable Instant endsAt,
            @Nullable Instant failingSince) {}

    <T> T inTransaction(Function<SsoStore, T> work) {
        return db.transactionResult(configuration -> work.apply(new SsoStore(DSL.using(configuration), envelope)));
    }

    void audit(Caller caller, String resource, java.util.Map<String, ?> details) {
        Audit.record(db, caller, resource, details);
    }

    void auditRefusal(Caller caller, String resource, String reason) {
        Audit.denied(db, caller, resource, reason);
    }

    void insert(Attempt attempt) {
        db.insertInto(SSO_ATTEMPT)
                .set(SSO_ATTEMPT.LOOKUP, attempt.lookup())
                .set(SSO_ATTEMPT.SECRET_HASH, attempt.stateHash())
                .set(SSO_ATTEMPT.BROWSER_HASH, attempt.browserHash())
                .set(SSO_ATTEMPT.WORKSPACE_ID, attempt.workspaceId())
                .set(SSO_ATTEMPT.REDIRECT_URI, attempt.redirectUri())
                .set(SSO_ATTEMPT.NEXT_PATH, attempt.nextPath())
                .set(SSO_ATTEMPT.EXPIRES_AT, attempt.expiresAt())
                .execute();
    }

    /** An attempt is good for one answer, right or wrong. */
    Optional<Attempt> take(String lookup) {
        return everywhere(db)
                .deleteFrom(SSO_ATTEMPT)
                .where(SSO_ATTEMPT.LOOKUP.eq(lookup))
                .returning()
                .fetchOptional(row -> new Attempt(
                        row.getLookup(),
                        row.getSecretHash(),
                        row.getBrowserHash(),
                        row.getWorkspaceId(),
                        row.getRedirectUri(),
                        row.getNextPath(),
                        row.getExpiresAt()));
    }

    void insert(Kept session, String issuer, @Nullable String providerSession, Held held, Instant now, Instant next) {
        db.transaction(configuration -> {
            DSLContext tx = DSL.using(configuration);
            tx.insertInto(SSO_SESSION)
                    .set(SSO_SESSION.SESSION_ID, session.sessionId())
                    .set(SSO_SESSION.WORKSPACE_ID, session.workspaceId())
                    .set(SSO_SESSION.USER_ID, session.userId())
                    .set(SSO_SESSION.ISSUER, issuer)
                    .set(SSO_SESSION.SUBJECT, session.subject())
                    .set(SSO_SESSION.PROVIDER_SESSION, providerSession)
                    .set(SSO_SESSION.TOKENS, sealed(tx, session.sessionId(), held))
                    .set(SSO_SESSION.REFRESHED_AT, now)
                    .set(SSO_SESSION.REFRESH_AT, next)
                    .set(SSO_SESSION.ENDS_AT, session.endsAt())
                    .execute();
        });
    }

    Optional<Held> held(String sessionId) {
        return everywhere(db)
                .select(SSO_SESSION.TOKENS)
                .from(SSO_SESSION)
                .where(SSO_SESSION.SESSION_ID.eq(sessionId))
                .fetchOptional(SSO_SESSION.TOKENS)
                .map(stored ->
                        new String(envelope.open(db, INSTALLATION, stored, KIND, sessionId), StandardCharsets.UTF_8))
                .map(json -> Json.read(json, Held.class));
    }

    /**
     * Sessions to ask the provider about: used since it was asked, or due to end. Housekeeping over all workspaces; they
     * are left alone until {@code next}, so that two processes do not ask about one.
     */
    List<Kept> due(Instant now, Instant next, int most) {
        return db.transactionResult(configuration -> {
            DSLContext tx = everywhere(DSL.using(configuration));
            Condition used =
                    SSO_SESSION.REFRESH_AT.le(now).and(LOGIN_SESSION.LAST_USED_AT.gt(SSO_SESSION.REFRESHED_AT));
            List<Kept> found = kept(tx, used.or(SSO_SESSION.ENDS_AT.le(now)))
                    .limit(most)
                    .forUpdate()
                    .of(SSO_SESSION)
                    .skipLocked()
                    .fetch(SsoStore::read);
            tx.update(SSO_SESSION)
                    .set(SSO_SESSION.REFRESH_AT, next)
                    .where(SSO_SESSION.SESSION_ID.in(
                            found.stream().map(Kept::sessionId).toList()))
                    .execute();
            return found;
        });
    }

    /** Sessions of one sign-in over there, or all of a subject. */
    List<Kept> of(String issuer, @Nullable String subject, @Nullable String providerSession) {
        Condition whose = SSO_SESSION.ISSUER.eq(issuer);
        if (subject != null) {
            whose = whose.and(SSO_SESSION.SUBJECT.eq(subject));
        }
        if (providerSession != null) {
            whose = whose.and(SSO_SESSION.PROVIDER_SESSION.eq(providerSession));
        }
        return kept(everywhere(db), whose).fetch(SsoStore::read);
    }

    /** Whether the provider still knows somebody's sessions is asked at {@code when}, used meanwhile or not. */
    void askSoon(String issuer, String subject, Instant when) {
        everywhere(db)
                .update(SSO_SESSION)
                .set(SSO_SESSION.REFRESH_AT, when)
                .set(SSO_SESSION.REFRESHED_AT, Instant.EPOCH)
                .where(SSO_SESSION.ISSUER.eq(issuer))
                .and(SSO_SESSION.SUBJECT.eq(subject))
                .execute();
    }

    /** Sessions of other providers than the one there is now. */
    List<Kept> ofOthers(String issuer) {
        return kept(everywhere(db), SSO_SESSION.ISSUER.ne(issuer)).fetch(SsoStore::read);
    }

    private static SelectSeekStepN<?> kept(DSLContext tx, Condition which) {
        return tx.select(
                        SSO_SESSION.SESSION_ID,
                        SSO_SESSION.WORKSPACE_ID,
                        SSO_SESSION.USER_ID,
                        ACCOUNT.USER_NAME,
                        SSO_SESSION.SUBJECT,
                        SSO_SESSION.ENDS_AT,
                        SSO_SESSION.FAILING_SINCE)
                .from(SSO_SESSION)
                .join(LOGIN_SESSION)
                .on(LOGIN_SESSION.WORKSPACE_ID.eq(SSO_SESSION.WORKSPACE_ID))
                .and(LOGIN_SESSION.SESSION_ID.eq(SSO_SESSION.SESSION_ID))
                .join(ACCOUNT)
                .on(ACCOUNT.WORKSPACE_ID.eq(SSO_SESSION.WORKSPACE_ID))
                .and(ACCOUNT.USER_ID.eq(SSO_SESSION.USER_ID))
                .where(which)
                .orderBy(List.of(SSO_SESSION.REFRESH_AT, SSO_SESSION.SESSION_ID));
    }

    private static Kept read(Record row) {
        return new Kept(
                row.get(SSO_SESSION.SESSION_ID),
                row.get(SSO_SESSION.WORKSPACE_ID),
                row.get(SSO_SESSION.USER_ID),
                row.get(ACCOUNT.USER_NAME),
                row.get(SSO_SESSION.SUBJECT),
                row.get(SSO_SESSION.ENDS_AT),
                row.get(SSO_SESSION.FAILING_SINCE));
    }

    void refreshed(String sessionId, Held held, Instant now, Instant next, @Nullable Instant endsAt) {
        db.transaction(configuration -> {
            DSLContext tx = everywhere(DSL.using(configuration));
            tx.update(SSO_SESSION)
                    .set(SSO_SESSION.TOKENS, sealed(tx, sessionId, held))
                    .set(SSO_SESSION.REFRESHED_AT, now)
                    .set(SSO_SESSION.REFRESH_AT, next)
                    .set(SSO_SESSION.ENDS_AT, endsAt)
                    .setNull(SSO_SESSION.FAILING_SINCE)
                    .where(SSO_SESSION.SESSION_ID.eq(sessionId))
                    .execute();
        });
    }

    void failed(String sessionId, Instant since) {
        everywhere(db)
                .update(SSO_SESSION)
                .set(SSO_SESSION.FAILING_SINCE, since)
                .where(SSO_SESSION.SESSION_ID.eq(sessionId))
                .execute();
    }

    /** False when it has ended already. */
    boolean end(Kept session) {
        return db.deleteFrom(LOGIN_SESSION)
                        .where(LOGIN_SESSION.WORKSPACE_ID.eq(session.workspaceId()))
                        .and(LOGIN_SESSION.USER_ID.eq(session.userId()))
                        .and(LOGIN_SESSION.SESSION_ID.eq(session.sessionId()))
                        .execute()
                == 1;
    }

    /** False when this logout token was obeyed before. */
    boolean firstTime(String tokenId, Instant expiresAt) {
        return db.insertInto(SSO_LOGOUT_TOKEN)
                        .set(SSO_LOGOUT_TOKEN.TOKEN_ID, tokenId)
                        .set(SSO_LOGOUT_TOKEN.EXPIRES_AT, expiresAt)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    void sweep(Instant now) {
        everywhere(db)
                .deleteFrom(SSO_ATTEMPT)
                .where(SSO_ATTEMPT.EXPIRES_AT.le(now))
                .execute();
        db.deleteFrom(SSO_LOGOUT_TOKEN)
                .where(SSO_LOGOUT_TOKEN.EXPIRES_AT.le(now))
                .execute();
    }

    private byte[] sealed(DSLContext tx, String sessionId, Held held) {
        return envelope.seal(tx, INSTALLATION, Json.write(held).getBytes(StandardCharsets.UTF_8), KIND, sessionId);
    }
}
