package io.campanile.workspace.secrets;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.BrokenSealException;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;

/** The rules of secrets: who may put, read and delete them, how many and how long they are. */
public final class SecretService {
    static final int LARGEST_VALUE = 128 * 1024;
    /** What a sealed secret is called where it is sealed. */
    static final String KIND = "secret";

    private final SecretStore store;
    private final ScopeAccess access;
    private final Envelope envelope;
    private final Clock clock;
    private final int mostSecrets;

    /** {@code mostSecrets}: how many one scope may hold. */
    public SecretService(SecretStore store, Envelope envelope, Clock clock, int mostSecrets) {
        this.store = requireNonNull(store, "store");
        this.access = new ScopeAccess(store);
        this.envelope = requireNonNull(envelope, "envelope");
        this.clock = requireNonNull(clock, "clock");
        this.mostSecrets = mostSecrets;
    }

    /** Keeps a value under a key, in the place of one that is there. */
    void put(Caller caller, SecretName scope, SecretName key, byte[] value) {
        if (value.length > LARGEST_VALUE) {
            throw ApiException.invalid("The value of a secret may have at most " + LARGEST_VALUE + " bytes");
        }
        long workspaceId = caller.workspaceId();
        store.inTransaction(tx -> {
            access.requireAlone(tx, caller, scope, AclPermission.WRITE);
            if (!store.exists(tx, workspaceId, scope, key) && store.secrets(tx, workspaceId, scope) >= mostSecrets) {
                throw new ApiException(
                        ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                        "Scope " + scope.text() + " has " + mostSecrets + " secrets, as many as a scope may have");
            }
            byte[] sealed = envelope.seal(tx, workspaceId, value, KIND, scope.folded(), key.folded());
            store.put(tx, workspaceId, scope, key, sealed, Envelope.keyVersion(sealed), clock.instant());
            Audit.record(tx, caller, resource(scope, key), Map.of());
            return true;
        });
    }

    /** The value of a secret; that it was read is in the audit log. */
    byte[] get(Caller caller, SecretName scope, SecretName key) {
        return store.inTransaction(tx -> {
            access.require(tx, caller, scope, AclPermission.READ);
            byte[] value = open(tx, caller.workspaceId(), scope, key);
            Audit.record(tx, caller, resource(scope, key), Map.of());
            return value;
        });
    }

    List<SecretStore.Metadata> list(Caller caller, SecretName scope) {
        return store.inTransaction(tx -> {
            access.require(tx, caller, scope, AclPermission.READ);
            return store.list(tx, caller.workspaceId(), scope);
        });
    }

    void delete(Caller caller, SecretName scope, SecretName key) {
        store.inTransaction(tx -> {
            access.require(tx, caller, scope, AclPermission.WRITE);
            if (!store.delete(tx, caller.workspaceId(), scope, key)) {
                throw missing(scope, key);
            }
            Audit.record(tx, caller, resource(scope, key), Map.of());
            return true;
        });
    }

    private byte[] open(DSLContext tx, long workspaceId, SecretName scope, SecretName key) {
        SecretStore.Sealed sealed = store.find(tx, workspaceId, scope, key).orElseThrow(() -> missing(scope, key));
        try {
            return envelope.open(tx, workspaceId, sealed.bytes(), KIND, scope.folded(), key.folded());
        } catch (BrokenSealException e) {
            throw new ApiException(
                    ErrorCode.INTERNAL_ERROR,
                    "The stored value of secret " + scope.text() + "/" + key.text()
                            + " was changed or moved in the database: put it anew",
                    e);
        }
    }

    private static String resource(SecretName scope, SecretName key) {
        return "secret/" + scope.text() + "/" + key.text();
    }

    private static ApiException missing(SecretName scope, SecretName key) {
        return ApiException.notFound("Secret does not exist with scope: " + scope.text() + " and key: " + key.text());
    }
}
