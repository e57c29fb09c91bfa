package io.campanile.identity.scim;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import io.campanile.identity.people.SignInProblem;
import io.campanile.identity.people.UserNames;
import io.campanile.identity.scim.DirectoryStore.Change;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * People whom an identity provider vouches for. They are known by the provider's subject alone; a verified address is
 * believed once, to find the account of a person who was here before.
 */
public final class FederationService {
    private final DirectoryStore directory;
    private final FederationStore store;
    private final ManagedGroups groups;
    private final Clock clock;

    public FederationService(DirectoryStore directory, FederationStore store, Clock clock) {
        this.directory = requireNonNull(directory, "directory");
        this.store = requireNonNull(store, "store");
        this.groups = new ManagedGroups(clock);
        this.clock = requireNonNull(clock, "clock");
    }

    /** A person as the provider describes them. */
    public record Person(
            String issuer,
            String subject,
            Optional<String> verifiedEmail,
            String preferredName,
            @Nullable String displayName,
            @Nullable String givenName,
            @Nullable String familyName) {}

    /**
     * What the provider says of somebody's groups in a workspace.
     *
     * @param managed names of all groups that follow the provider; no other is touched
     * @param held those of them the person is in
     * @param assigned whether the provider's groups, by the settings, make the person a member here
     */
    public record Standing(Set<String> managed, Set<String> held, boolean assigned) {
        public Standing {
            managed = Set.copyOf(managed);
            held = Set.copyOf(held);
        }
    }

    /** A member who may come in. */
    public record Joined(long userId, String userName) {}

    /** How somebody can sign in. */
    public record Ways(boolean password, List<FederationStore.Link> links) {}

    public Optional<Long> linked(String issuer, String subject) {
        return store.linked(issuer, subject);
    }

    public List<Long> workspacesOf(long userId) {
        return store.workspacesOf(userId);
    }

    public List<Long> workspaces(Collection<String> names) {
        return names.isEmpty() ? List.of() : store.workspaces(names);
    }

    public Optional<Long> onlyWorkspace() {
        return store.onlyWorkspace();
    }

    /** Finds or makes the member, and lets their groups follow; refuses with a {@link SignInProblem}. */
    public Joined join(Caller gateway, long workspaceId, Person person, Standing standing) {
        return directory.change(workspaceId, change -> {
            Optional<Long> linked = change.federation().linked(person.issuer(), person.subject());
            long userId = linked.orElseGet(() -> adopt(gateway, change, workspaceId, person));
            Account account = change.accounts()
                    .find(workspaceId, PrincipalKind.USER, userId)
                    .orElseGet(() -> assign(gateway, change, workspaceId, userId, standing));
            Caller caller = as(gateway, workspaceId, account);
            requireActive(caller, change, workspaceId, account, standing);
            if (standing.assigned()) {
                change.federation().follow(workspaceId, userId, false);
            }
            groups.follow(caller, change, workspaceId, account, standing);
            change.federation().signedIn(person.issuer(), person.subject(), clock.instant());
            return new Joined(userId, account.profile().userName());
        });
    }

    /** The provider's groups do not open the workspace any more: whom they had opened it for is out until they do. */
    public void leave(Caller gateway, long workspaceId, long userId) {
        directory.change(workspaceId, change -> {
            Optional<Account> member = change.accounts()
                    .find(workspaceId, PrincipalKind.USER, userId)
                    .filter(Account::active)
                    .filter(account -> change.federation().follows(workspaceId, userId));
            if (member.isEmpty()) {
                return false;
            }
            change.federation().setActive(workspaceId, userId, false, clock.instant());
            change.federation().follow(workspaceId, userId, true);
            change.accounts().endSessions(workspaceId, userId);
            Administrators.remain(change, workspaceId);
            record(as(gateway, workspaceId, member.get()), change, userId, Map.of("active", false, "by", "provider"));
            return true;
        });
    }

    /** How somebody of the caller's workspace can sign in. */
    public Ways ways(Caller caller, long userId) {
        return directory.change(caller.workspaceId(), change -> {
            requireMember(change, caller, userId);
            return new Ways(
                    change.federation().hasPassword(userId), change.federation().links(userId));
        });
    }

    /** Forgets how the provider knows somebody: whoever signs in next with their verified address is them. */
    public void unlink(Caller caller, long userId) {
        directory.change(caller.workspaceId(), change -> {
            requireMember(change, caller, userId);
            if (!caller.rights().accountAdmin() && !change.federation().isHome(caller.workspaceId(), userId)) {
                throw new ApiException(
                        ErrorCode.PERMISSION_DENIED,
                        "Only the workspace the user comes from, or an administrator of the account, may do this");
            }
            if (change.federation().unlink(userId) == 0) {
                throw ApiException.notFound("User " + userId + " is not linked to an identity provider");
            }
            change.accounts().endSessions(caller.workspaceId(), userId);
            record(caller, change, userId, Map.of("provider_link", "removed"));
            return true;
        });
    }

    private static void requireMember(Change change, Caller caller, long userId) {
        if (change.accounts()
                .find(caller.workspaceId(), PrincipalKind.USER, userId)
                .isEmpty()) {
            throw ApiException.notFound("User " + userId + " does not exist");
        }
    }

    /** The account that a subject seen for the first time means: one that is there, or a new one. */
    private long adopt(Caller gateway, Change change, long workspaceId, Person person) {
        String name = name(person);
        String loginName = name.toLowerCase(Locale.ROOT);
        Optional<FederationStore.Named> known = change.federation().named(workspaceId, person.issuer(), loginName);
        Optional<Long> former = change.accounts().formerPerson(workspaceId, PrincipalKind.USER, loginName);
        boolean taken = known.isPresent()
                ? known.get().linked() || known.get().kind() != PrincipalKind.USER
                : former.isPresent() && !change.federation().links(former.get()).isEmpty();
        if (taken) {
            throw SignInProblem.NAME_TAKEN.because("Somebody else of the provider is " + name + " here already");
        }
        if ((known.isPresent() || former.isPresent()) && person.verifiedEmail().isEmpty()) {
            throw SignInProblem.NAME_TAKEN.because(
                    "There is a user " + name + " here, and the provider has not verified that address");
        }
        long userId = known.map(FederationStore.Named::userId)
                .or(() -> former)
                .orElseGet(() -> change.directory().nextPrincipalId());
        if (known.isEmpty() && former.isEmpty()) {
            boolean made =
                    change.accounts().insertPerson(workspaceId, userId, PrincipalKind.USER, loginName, clock.instant());
            if (!made) {
                throw SignInProblem.NAME_TAKEN.because("The name " + name + " is taken here");
            }
        }
        change.federation().link(person.issuer(), person.subject(), userId, clock.instant());
        if (known.isEmpty()) {
            enter(gateway, change, workspaceId, userId, profile(name, person));
        } else {
            Caller caller = new Caller(
                    workspaceId, userId, name, Rights.NONE, gateway.service(), gateway.action(), gateway.requestId());
            record(caller, change, userId, Map.of("provider_link", "made"));
        }
        return userId;
    }

    /** Somebody whom another workspace knows becomes a member, where the provider's groups say so and nobody else may. */
    private Account assign(Caller gateway, Change change, long workspaceId, long userId, Standing standing) {
        Account elsewhere = change.assignments()
                .elsewhere(userId)
                .filter(account -> standing.assigned())
                .orElseThrow(() -> SignInProblem.NOT_MEMBER.because(
                        "User " + userId + " is no member of workspace " + workspaceId));
        return enter(gateway, change, workspaceId, userId, elsewhere.profile());
    }

    private Account enter(Caller gateway, Change change, long workspaceId, long userId, Profile profile) {
        boolean entered =
                change.accounts().insert(workspaceId, userId, PrincipalKind.USER, profile, true, clock.instant());
        if (!entered) {
            throw SignInProblem.NAME_TAKEN.because("Somebody else is " + profile.userName() + " here already");
        }
        change.directory()
                .addMember(
                        workspaceId,
                        change.groups().builtIn(workspaceId, Group.USERS),
                        new Member(userId, PrincipalKind.USER, profile.displayName()));
        Account account =
                change.accounts().find(workspaceId, PrincipalKind.USER, userId).orElseThrow();
        record(
                as(gateway, workspaceId, account),
                change,
                userId,
                Map.of("name", profile.userName(), "active", true, "by", "provider"));
        return account;
    }

    private void requireActive(Caller caller, Change change, long workspaceId, Account account, Standing standing) {
        if (account.active()) {
            return;
        }
        if (!standing.assigned() || !change.federation().suspended(workspaceId, account.id())) {
            throw SignInProblem.DEACTIVATED.because(
                    "User " + account.profile().userName() + " is deactivated in workspace " + workspaceId);
        }
        change.federation().setActive(workspaceId, account.id(), true, clock.instant());
        record(caller, change, account.id(), Map.of("active", true, "by", "provider"));
    }

    /** A verified address; or a name that looks like none, since an address would be believed by whoever reads it. */
    private static String name(Person person) {
        if (person.verifiedEmail().isPresent()) {
            return UserNames.require(person.verifiedEmail().get());
        }
        String preferred = person.preferredName();
        if (preferred.isBlank() || preferred.contains("@")) {
            throw SignInProblem.EMAIL_UNVERIFIED.because(
                    "The provider has not verified the address of subject " + person.subject());
        }
        return UserNames.require(preferred);
    }

    private static Profile profile(String name, Person person) {
        @Nullable String shown = person.displayName();
        return new Profile(
                name,
                shown == null || shown.isBlank() ? UserNames.shown(name) : cut(shown.strip()),
                null,
                cutOrNull(person.givenName()),
                cutOrNull(person.familyName()),
                List.of());
    }

    private static @Nullable String cutOrNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : cut(text);
    }

    /** As long as the column; what the provider thinks of as a name may be anything. */
    private static String cut(String text) {
        String clean = text.replace("\0", "");
        return clean.length() <= 256 ? clean : clean.substring(0, 256);
    }

    private static Caller as(Caller gateway, long workspaceId, Account account) {
        return new Caller(
                workspaceId,
                account.id(),
                account.profile().userName(),
                Rights.NONE,
                gateway.service(),
                gateway.action(),
                gateway.requestId());
    }

    private static void record(Caller caller, Change change, long userId, Map<String, ?> details) {
        change.directory().record(caller, "user/" + userId, details);
    }
}
