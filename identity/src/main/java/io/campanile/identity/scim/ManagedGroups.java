package io.campanile.identity.scim;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.identity.scim.DirectoryStore.Change;
import io.campanile.identity.scim.FederationService.Standing;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Groups whose members follow an identity provider, one person at a time. */
final class ManagedGroups {
    private static final Logger LOG = LoggerFactory.getLogger(ManagedGroups.class);

    private final Clock clock;

    ManagedGroups(Clock clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    /** Makes a group at the first person who is in it. Only what changes is written, so a sign-in is mostly reading. */
    void follow(Caller caller, Change change, long workspaceId, Account account, Standing standing) {
        Set<Long> direct = change
                .directory()
                .memberships(workspaceId, List.of(account.id()))
                .getOrDefault(account.id(), List.of())
                .stream()
                .filter(Membership::direct)
                .map(Membership::groupId)
                .collect(Collectors.toSet());
        Set<String> held = standing.held().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        for (String name : standing.managed()) {
            boolean wanted = held.contains(name.toLowerCase(Locale.ROOT));
            Optional<Long> group = change.federation().group(workspaceId, name);
            if (wanted) {
                long id = group.orElseGet(() -> make(caller, change, workspaceId, name));
                if (!direct.contains(id)) {
                    add(caller, change, workspaceId, id, account);
                }
            } else if (group.isPresent() && direct.contains(group.get())) {
                remove(caller, change, workspaceId, group.get(), account);
            }
        }
    }

    private long make(Caller caller, Change change, long workspaceId, String name) {
        long id = change.directory().nextPrincipalId();
        change.groups().insert(workspaceId, id, name, null, clock.instant());
        change.directory().record(caller, "group/" + id, Map.of("name", name, "by", "provider"));
        return id;
    }

    private static void add(Caller caller, Change change, long workspaceId, long groupId, Account account) {
        change.directory().addMember(workspaceId, groupId, member(account));
        change.directory().record(caller, "group/" + groupId, Map.of("added", List.of(account.id()), "by", "provider"));
    }

    /** The last administrator stays one: a slip in the provider must not leave a workspace without. */
    private static void remove(Caller caller, Change change, long workspaceId, long groupId, Account account) {
        change.directory().removeMember(workspaceId, groupId, account.id());
        if (change.directory().administrators(workspaceId) == 0) {
            change.directory().addMember(workspaceId, groupId, member(account));
            LOG.atWarn()
                    .addKeyValue("workspaceId", workspaceId)
                    .addKeyValue("userId", account.id())
                    .log("The provider's roles would take away the last administrator, who is kept");
            return;
        }
        change.directory()
                .record(caller, "group/" + groupId, Map.of("removed", List.of(account.id()), "by", "provider"));
    }

    private static Member member(Account account) {
        return new Member(account.id(), PrincipalKind.USER, account.profile().displayName());
    }
}
