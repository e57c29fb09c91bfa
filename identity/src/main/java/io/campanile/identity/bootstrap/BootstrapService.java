package io.campanile.identity.bootstrap;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Secret;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.bootstrap.BootstrapStore.Installation;
import io.campanile.identity.bootstrap.BootstrapStore.NewPerson;
import io.campanile.identity.credentials.Minted;
import io.campanile.identity.credentials.Passwords;
import io.campanile.identity.people.UserNames;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes workspaces and their first people. The credentials of the first administrator are given again, newly made, at
 * every call until the launcher confirms that it has written them down: a crash in between loses nothing.
 */
public final class BootstrapService {
    private final BootstrapStore store;
    private final Passwords passwords;
    private final Duration tokenLife;
    private final Clock clock;

    /** {@code password} and {@code token} are there only where they were made by this call. */
    record Made(
            long workspaceId,
            long userId,
            String userName,
            @Nullable Secret password,
            @Nullable Secret token) {}

    public BootstrapService(BootstrapStore store, Passwords passwords, Duration tokenLife, Clock clock) {
        this.store = requireNonNull(store, "store");
        this.passwords = requireNonNull(passwords, "passwords");
        this.tokenLife = requireNonNull(tokenLife, "tokenLife");
        this.clock = requireNonNull(clock, "clock");
    }

    Made bootstrap(String userName, @Nullable String chosen) {
        Optional<Installation> known = store.installation();
        if (known.isPresent() && known.get().confirmedAt() != null) {
            return confirmed(known.get());
        }
        String password = chosen == null ? Passwords.random() : chosen;
        NewPerson admin = person(userName, password);
        return store.locked(tx -> {
            Installation installation = tx.installation().orElseGet(() -> {
                long workspaceId = tx.insertWorkspace("Campanile", clock.instant());
                long userId = tx.insertPerson(workspaceId, admin, true, clock.instant())
                        .orElseThrow(() -> taken(userName));
                tx.makeAccountAdmin(userId);
                tx.insertInstallation(workspaceId, userId);
                return new Installation(workspaceId, userId, admin.userName(), null);
            });
            if (installation.confirmedAt() != null) {
                return confirmed(installation);
            }
            tx.setPassword(installation.workspaceId(), installation.userId(), admin.passwordHash());
            tx.deleteTokens(installation.workspaceId(), installation.userId());
            return made(tx, installation.workspaceId(), installation.userId(), installation.userName(), password);
        });
    }

    void confirm() {
        store.confirm(clock.instant());
    }

    Optional<Long> firstWorkspace() {
        return store.installation().map(Installation::workspaceId);
    }

    /** Whether the workspace of the first start is the only one there is. */
    boolean hasOneWorkspace() {
        return store.workspaces() == 1;
    }

    /** Another tenant, with its first administrator. */
    Made createWorkspace(String name, String adminName, @Nullable String chosen) {
        if (!name.matches("[^\\p{Cntrl}]{1,100}")) {
            throw ApiException.invalid("A workspace name has 1 to 100 printable characters");
        }
        String password = chosen == null ? Passwords.random() : chosen;
        NewPerson admin = person(adminName, password);
        return store.locked(tx -> {
            long workspaceId = tx.insertWorkspace(name, clock.instant());
            long userId =
                    tx.insertPerson(workspaceId, admin, true, clock.instant()).orElseThrow(() -> taken(adminName));
            return made(tx, workspaceId, userId, admin.userName(), password);
        });
    }

    /** A further person of a workspace, without special rights. */
    Made createPerson(long workspaceId, String userName, @Nullable String chosen) {
        String password = chosen == null ? Passwords.random() : chosen;
        NewPerson person = person(userName, password);
        return store.locked(tx -> {
            if (!tx.hasWorkspace(workspaceId)) {
                throw ApiException.notFound("Workspace " + workspaceId + " does not exist");
            }
            long userId =
                    tx.insertPerson(workspaceId, person, false, clock.instant()).orElseThrow(() -> taken(userName));
            return made(tx, workspaceId, userId, person.userName(), password);
        });
    }

    private Made made(BootstrapStore tx, long workspaceId, long userId, String userName, String password) {
        Minted token = Minted.create("dapi");
        Instant now = clock.instant();
        tx.insertToken(workspaceId, userId, token, "made with the account", now, now.plus(tokenLife));
        return new Made(workspaceId, userId, userName, new Secret(password), new Secret(token.value()));
    }

    private NewPerson person(String userName, String password) {
        UserNames.require(userName);
        return new NewPerson(
                userName, userName.toLowerCase(Locale.ROOT), UserNames.shown(userName), passwords.hash(password));
    }

    private static Made confirmed(Installation installation) {
        return new Made(installation.workspaceId(), installation.userId(), installation.userName(), null, null);
    }

    private static ApiException taken(String userName) {
        return new ApiException(ErrorCode.RESOURCE_ALREADY_EXISTS, "User " + userName + " already exists");
    }
}
