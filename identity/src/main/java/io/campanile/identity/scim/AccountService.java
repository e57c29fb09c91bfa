package io.campanile.identity.scim;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.passwords.PasswordService;
import io.campanile.identity.passwords.PasswordService.Chosen;
import io.campanile.identity.people.UserNames;
import io.campanile.identity.scim.AccountWire.Wanted;
import io.campanile.identity.scim.DirectoryStore.Change;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rules of users and service principals of a workspace. */
public final class AccountService {
    private final DirectoryStore directory;
    private final AccountStore accounts;
    private final PasswordService passwords;
    private final Clock clock;

    public AccountService(DirectoryStore directory, AccountStore accounts, PasswordService passwords, Clock clock) {
        this.directory = requireNonNull(directory, "directory");
        this.accounts = requireNonNull(accounts, "accounts");
        this.passwords = requireNonNull(passwords, "passwords");
        this.clock = requireNonNull(clock, "clock");
    }

    Found<Account> list(Caller caller, PrincipalKind kind, ListQuery query) {
        Attributes attributes = kind == PrincipalKind.USER ? Attributes.USERS : Attributes.SERVICE_PRINCIPALS;
        Found<Account> found =
                accounts.list(caller.workspaceId(), kind, Selection.of(query, attributes, AccountWire.schema(kind)));
        return new Found<>(found.total(), complete(caller.workspaceId(), found.page(), query.projection()));
    }

    Account get(Caller caller, PrincipalKind kind, @Nullable String id) {
        Account account = find(accounts, caller.workspaceId(), kind, id);
        return complete(caller.workspaceId(), List.of(account), Projection.ALL).get(0);
    }

    /** The caller, whichever kind they are; their entitlements are those they have in effect. */
    Account me(Caller caller) {
        Account account = accounts.find(caller.workspaceId(), PrincipalKind.USER, caller.userId())
                .or(() -> accounts.find(caller.workspaceId(), PrincipalKind.SERVICE_PRINCIPAL, caller.userId()))
                .map(found -> complete(caller.workspaceId(), List.of(found), Projection.ALL)
                        .get(0))
                .orElseThrow(() -> ApiException.notFound("User " + caller.userId() + " does not exist"));
        Set<String> effective =
                caller.admin() ? Resources.ENTITLEMENTS : caller.rights().entitlements();
        return account.with(account.groups(), effective.stream().sorted().toList());
    }

    Account create(Caller caller, PrincipalKind kind, ObjectNode body) {
        Wanted wanted = AccountWire.read(kind, body);
        String userName = name(kind, wanted.userName());
        Profile profile = profile(kind, userName, wanted);
        boolean active = wanted.active() == null || wanted.active();
        Optional<Chosen> password = chosen(userName, wanted);
        return directory.change(caller.workspaceId(), change -> {
            long workspaceId = caller.workspaceId();
            long id = person(change, workspaceId, kind, userName);
            if (!change.accounts().insert(workspaceId, id, kind, profile, active, clock.instant())) {
                throw taken(kind, userName);
            }
            change.directory().setEntitlements(workspaceId, id, wanted.entitlements());
            Member member = new Member(id, kind, profile.displayName());
            Set<Long> groups = new HashSet<>(wanted.groups());
            groups.add(change.groups().builtIn(workspaceId, Group.USERS));
            for (long group : groups) {
                if (change.groups().find(workspaceId, group).isEmpty()) {
                    throw ScimFailures.invalidValue("groups: there is no group " + group);
                }
                change.directory().addMember(workspaceId, group, member);
            }
            Map<String, Object> facts = new HashMap<>(Map.of("name", userName, "active", active));
            facts.putAll(give(change, caller, id, password));
            change.directory().record(caller, resource(kind, id), facts);
            return complete(change, workspaceId, kind, id);
        });
    }

    Account replace(Caller caller, PrincipalKind kind, @Nullable String id, ObjectNode body) {
        Wanted wanted = AccountWire.read(kind, body);
        String userName =
                find(accounts, caller.workspaceId(), kind, id).profile().userName();
        Optional<Chosen> password = chosen(userName, wanted);
        return directory.change(caller.workspaceId(), change -> {
            Account account = find(change.accounts(), caller.workspaceId(), kind, id);
            return save(caller, change, account, wanted, password);
        });
    }

    Account patch(Caller caller, PrincipalKind kind, @Nullable String id, ObjectNode request) {
        Account now = get(caller, kind, id);
        Optional<Chosen> password = chosen(now.profile().userName(), patched(now, request));
        return directory.change(caller.workspaceId(), change -> {
            long workspaceId = caller.workspaceId();
            Account account = find(change.accounts(), workspaceId, kind, id);
            Account whole = complete(change, workspaceId, kind, account.id());
            return save(caller, change, account, derived(whole, patched(whole, request)), password);
        });
    }

    private static Wanted patched(Account before, ObjectNode request) {
        ObjectNode resource = AccountWire.write(before);
        Set<Long> groups = Resources.ids(resource, "groups");
        AccountWire.patches(before.kind()).apply(resource, request);
        Wanted wanted = AccountWire.read(before.kind(), resource);
        if (!wanted.groups().equals(groups)) {
            throw ScimFailures.mutability("groups is read-only: change the members of the group");
        }
        return wanted;
    }

    /** Before the transaction that others wait for: a hash takes its time. */
    private Optional<Chosen> chosen(String userName, Wanted wanted) {
        return Optional.ofNullable(wanted.password()).map(password -> passwords.choose(userName, password));
    }

    /** What the audit log is told of it: that there is a new password, not which. */
    private Map<String, ?> give(Change change, Caller caller, long userId, Optional<Chosen> password) {
        return password.<Map<String, ?>>map(chosen -> Map.of(
                        "password_set",
                        true,
                        "sessions_ended",
                        passwords.give(change.passwords(), caller, userId, chosen)))
                .orElse(Map.of());
    }

    void delete(Caller caller, PrincipalKind kind, @Nullable String id) {
        directory.change(caller.workspaceId(), change -> {
            long workspaceId = caller.workspaceId();
            Account account = find(change.accounts(), workspaceId, kind, id);
            leave(change, workspaceId, account.id());
            change.directory()
                    .record(
                            caller,
                            resource(kind, account.id()),
                            Map.of("name", account.profile().userName()));
            return true;
        });
    }

    /** Somebody leaves a workspace, with their memberships, entitlements, sessions, tokens and secrets there. */
    static void leave(Change change, long workspaceId, long userId) {
        if (change.accounts().first(workspaceId, userId)) {
            throw ScimFailures.mutability("The person this installation was set up for cannot be removed from it");
        }
        change.directory().forget(workspaceId, userId);
        change.accounts().delete(workspaceId, userId);
        change.accounts().settle(userId);
        Administrators.remain(change, workspaceId);
    }

    private Account save(Caller caller, Change change, Account account, Wanted wanted, Optional<Chosen> password) {
        long workspaceId = caller.workspaceId();
        PrincipalKind kind = account.kind();
        String userName = account.profile().userName();
        if (wanted.userName() != null && !wanted.userName().equalsIgnoreCase(userName)) {
            throw ScimFailures.mutability(
                    (kind == PrincipalKind.USER ? "userName" : "applicationId") + " cannot be changed: " + userName);
        }
        boolean active = wanted.active() == null ? account.active() : wanted.active();
        change.accounts().update(workspaceId, account.id(), profile(kind, userName, wanted), active, clock.instant());
        change.directory().setEntitlements(workspaceId, account.id(), wanted.entitlements());
        if (!active) {
            change.accounts().endSessions(workspaceId, account.id());
            Administrators.remain(change, workspaceId);
        }
        Map<String, Object> facts =
                new HashMap<>(Map.of("name", userName, "active", active, "entitlements", wanted.entitlements()));
        facts.putAll(give(change, caller, account.id(), password));
        change.directory().record(caller, resource(kind, account.id()), facts);
        return complete(change, workspaceId, kind, account.id());
    }

    /** The one address that stands for the user name is not written down as if it had been given. */
    private static Wanted derived(Account before, Wanted wanted) {
        boolean same = before.profile().emails().isEmpty()
                && wanted.emails()
                        .equals(AccountWire.read(PrincipalKind.USER, AccountWire.write(before))
                                .emails());
        return same && before.kind() == PrincipalKind.USER
                ? new Wanted(
                        wanted.userName(),
                        wanted.displayName(),
                        wanted.externalId(),
                        wanted.givenName(),
                        wanted.familyName(),
                        List.of(),
                        wanted.active(),
                        wanted.entitlements(),
                        wanted.groups(),
                        wanted.password())
                : wanted;
    }

    private long person(Change change, long workspaceId, PrincipalKind kind, String userName) {
        String loginName = userName.toLowerCase(Locale.ROOT);
        Optional<Long> former = change.accounts().formerPerson(workspaceId, kind, loginName);
        if (former.isPresent()) {
            return former.get();
        }
        long id = change.directory().nextPrincipalId();
        if (!change.accounts().insertPerson(workspaceId, id, kind, loginName, clock.instant())) {
            throw taken(kind, userName);
        }
        return id;
    }

    private List<Account> complete(long workspaceId, List<Account> found, Projection projection) {
        return complete(directory, workspaceId, found, projection);
    }

    private static Account complete(Change change, long workspaceId, PrincipalKind kind, long id) {
        Account account = change.accounts().find(workspaceId, kind, id).orElseThrow();
        return complete(change.directory(), workspaceId, List.of(account), Projection.ALL)
                .get(0);
    }

    private static List<Account> complete(
            DirectoryStore store, long workspaceId, List<Account> found, Projection projection) {
        List<Long> ids = found.stream().map(Account::id).toList();
        Map<Long, List<Membership>> groups =
                projection.wants("groups") ? store.memberships(workspaceId, ids) : Map.of();
        Map<Long, List<String>> entitlements =
                projection.wants("entitlements") ? store.entitlements(workspaceId, ids) : Map.of();
        return found.stream()
                .map(account -> account.with(
                        groups.getOrDefault(account.id(), List.of()),
                        entitlements.getOrDefault(account.id(), List.of())))
                .toList();
    }

    private static Account find(AccountStore store, long workspaceId, PrincipalKind kind, @Nullable String id) {
        return Resources.id(id)
                .flatMap(number -> store.find(workspaceId, kind, number))
                .orElseThrow(() -> ApiException.notFound(
                        said(kind) + " with id " + Resources.shown(String.valueOf(id)) + " not found."));
    }

    private static Profile profile(PrincipalKind kind, String userName, Wanted wanted) {
        String shown = kind == PrincipalKind.USER ? UserNames.shown(userName) : userName;
        return new Profile(
                userName,
                wanted.displayName() == null ? shown : wanted.displayName(),
                wanted.externalId(),
                wanted.givenName(),
                wanted.familyName(),
                wanted.emails());
    }

    private static String name(PrincipalKind kind, @Nullable String given) {
        if (kind == PrincipalKind.USER) {
            return UserNames.require(ApiException.require(given, "userName"));
        }
        if (given == null) {
            return UUID.randomUUID().toString();
        }
        try {
            return UUID.fromString(given).toString();
        } catch (IllegalArgumentException e) {
            throw ScimFailures.invalidValue("applicationId must be a UUID: " + Resources.shown(given));
        }
    }

    private static ApiException taken(PrincipalKind kind, String userName) {
        String named = kind == PrincipalKind.USER ? " with username " : " with applicationId ";
        return ScimFailures.uniqueness(said(kind) + named + userName + " already exists.");
    }

    private static String said(PrincipalKind kind) {
        return kind == PrincipalKind.USER ? "User" : "Service principal";
    }

    private static String resource(PrincipalKind kind, long id) {
        return (kind == PrincipalKind.USER ? "user/" : "service-principal/") + id;
    }
}
