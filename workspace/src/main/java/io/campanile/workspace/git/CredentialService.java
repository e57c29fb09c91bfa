package io.campanile.workspace.git;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.crypto.BrokenSealException;
import io.campanile.common.crypto.Envelope;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The rules of git credentials: each person has their own, and one of each provider is used where none is named. */
public final class CredentialService {
    static final String KIND = "git-credential";
    private static final int MOST = 100;
    private static final int LONGEST_TOKEN = 8 * 1024;
    private static final int LONGEST_NAME = 256;

    private final CredentialStore store;
    private final Envelope envelope;

    public CredentialService(CredentialStore store, Envelope envelope) {
        this.store = requireNonNull(store, "store");
        this.envelope = requireNonNull(envelope, "envelope");
    }

    /** What a request says of a credential; null: nothing. */
    record Wish(
            @Nullable String provider,
            @Nullable String username,
            @Nullable String email,
            @Nullable String name,
            @Nullable Boolean isDefault,
            @Nullable String token) {
        Wish {
            requireShort(username, "git_username", LONGEST_NAME);
            requireShort(email, "git_email", LONGEST_NAME);
            requireShort(name, "name", LONGEST_NAME);
            requireShort(token, "personal_access_token", LONGEST_TOKEN);
        }

        @Override
        public String toString() {
            return "Wish[provider=" + provider + ", name=" + name + "]";
        }
    }

    CredentialStore.Row create(Caller caller, Wish wish) {
        String provider = GitProvider.of(wish.provider(), "git_provider");
        ApiException.require(wish.token(), "personal_access_token");
        String name = wish.name() == null ? "" : wish.name();
        long id = store.nextId();
        return store.inTransaction(tx -> {
            store.lock(tx, caller.workspaceId(), caller.userId());
            List<CredentialStore.Row> all = store.list(tx, caller.workspaceId(), caller.userId());
            if (all.size() >= MOST) {
                throw new ApiException(
                        ErrorCode.RESOURCE_LIMIT_EXCEEDED,
                        "You have " + MOST + " git credentials, the most there may be");
            }
            boolean first = all.stream().noneMatch(row -> row.provider().equals(provider));
            CredentialStore.Row row = new CredentialStore.Row(
                    id, provider, name, wish.username(), wish.email(), first || Boolean.TRUE.equals(wish.isDefault()));
            put(tx, caller, row, wish.token());
            return row;
        });
    }

    List<CredentialStore.Row> list(Caller caller) {
        return store.list(store.context(), caller.workspaceId(), caller.userId());
    }

    CredentialStore.Row get(Caller caller, long id) {
        return store.find(store.context(), caller.workspaceId(), caller.userId(), id)
                .orElseThrow(() -> missing(id));
    }

    void update(Caller caller, long id, Wish wish) {
        store.inTransaction(tx -> {
            store.lock(tx, caller.workspaceId(), caller.userId());
            CredentialStore.Row old =
                    store.find(tx, caller.workspaceId(), caller.userId(), id).orElseThrow(() -> missing(id));
            String provider = GitProvider.of(wish.provider(), "git_provider");
            boolean isDefault =
                    wish.isDefault() == null ? old.isDefault() && old.provider().equals(provider) : wish.isDefault();
            CredentialStore.Row row = new CredentialStore.Row(
                    id,
                    provider,
                    wish.name() == null ? old.name() : wish.name(),
                    wish.username() == null ? old.username() : wish.username(),
                    wish.email() == null ? old.email() : wish.email(),
                    isDefault);
            put(tx, caller, row, wish.token());
            return true;
        });
    }

    void delete(Caller caller, long id) {
        store.inTransaction(tx -> {
            store.lock(tx, caller.workspaceId(), caller.userId());
            CredentialStore.Row gone =
                    store.find(tx, caller.workspaceId(), caller.userId(), id).orElseThrow(() -> missing(id));
            store.delete(tx, caller.workspaceId(), caller.userId(), id);
            if (gone.isDefault()) {
                store.promote(tx, caller.workspaceId(), caller.userId(), gone.provider());
            }
            Audit.record(tx, caller, KIND + "/" + id, Map.of());
            return true;
        });
    }

    /** The address commits of the caller bear; null when no credential says one. */
    @Nullable
    String email(Caller caller, String provider) {
        return list(caller).stream()
                .filter(row -> row.provider().equals(provider) && row.isDefault())
                .flatMap(row -> Stream.ofNullable(row.email()))
                .findFirst()
                .orElse(null);
    }

    /** The caller's credential that was named, or else the one that is used for the provider; empty without any. */
    Optional<GitCredential> use(Caller caller, String provider, @Nullable Long id) {
        if (id != null) {
            CredentialStore.Row named = get(caller, id);
            if (!named.provider().equals(provider)) {
                throw ApiException.invalid(
                        "git_credential_id " + id + " is for " + named.provider() + ", and the repo is of " + provider);
            }
            return Optional.of(open(caller, named));
        }
        List<CredentialStore.Row> mine = list(caller).stream()
                .filter(row -> row.provider().equals(provider))
                .toList();
        Stream<CredentialStore.Row> byItself =
                mine.size() == 1 ? mine.stream() : mine.stream().filter(CredentialStore.Row::isDefault);
        return byItself.findFirst().map(row -> open(caller, row));
    }

    /** Opens a token; only for a request to its server. */
    private GitCredential open(Caller caller, CredentialStore.Row row) {
        try {
            byte[] token = envelope.open(
                    store.context(),
                    caller.workspaceId(),
                    store.sealed(store.context(), caller.workspaceId(), row.credentialId()),
                    KIND,
                    Long.toString(row.credentialId()));
            String user = Stream.of(row.username(), row.email())
                    .filter(each -> each != null && !each.isBlank())
                    .findFirst()
                    .orElse(GitProvider.userName(row.provider()));
            return new GitCredential(user, new String(token, StandardCharsets.UTF_8), row.email());
        } catch (BrokenSealException e) {
            throw new ApiException(
                    ErrorCode.INTERNAL_ERROR,
                    "The stored token of git credential " + row.credentialId()
                            + " was changed or moved in the database: put it anew",
                    e);
        }
    }

    private void put(DSLContext tx, Caller caller, CredentialStore.Row row, @Nullable String token) {
        byte[] sealed = token == null
                ? null
                : envelope.seal(
                        tx,
                        caller.workspaceId(),
                        token.getBytes(StandardCharsets.UTF_8),
                        KIND,
                        Long.toString(row.credentialId()));
        int version = sealed == null ? 0 : Envelope.keyVersion(sealed);
        if (!store.put(tx, caller.workspaceId(), caller.userId(), row, sealed, version)) {
            throw new ApiException(
                    ErrorCode.RESOURCE_ALREADY_EXISTS,
                    "You have a git credential for " + row.provider()
                            + (row.name().isEmpty() ? "" : " named " + row.name())
                            + " already; update it, or give this one another name");
        }
        Audit.record(
                tx,
                caller,
                KIND + "/" + row.credentialId(),
                Map.of("git_provider", row.provider(), "name", row.name(), "token_changed", token != null));
    }

    private static void requireShort(@Nullable String text, String field, int most) {
        if (text != null && text.length() > most) {
            throw ApiException.invalid(field + " has more than " + most + " characters");
        }
        if (text != null && text.codePoints().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid(field + " has a control character in it");
        }
    }

    private static ApiException missing(long id) {
        return ApiException.notFound("Git credential " + id + " doesn't exist.");
    }
}
