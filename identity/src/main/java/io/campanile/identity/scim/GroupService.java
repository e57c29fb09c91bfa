package io.campanile.identity.scim;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.identity.scim.DirectoryStore.Change;
import io.campanile.identity.scim.GroupWire.Wanted;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules of groups: names, members, rings, and the two groups every workspace has. */
public final class GroupService {
    private final DirectoryStore directory;
    private final GroupStore groups;
    private final Clock clock;

    public GroupService(DirectoryStore directory, GroupStore groups, Clock clock) {
        this.directory = requireNonNull(directory, "directory");
        this.groups = requireNonNull(groups, "groups");
        this.clock = requireNonNull(clock, "clock");
    }

    Found<Group> list(Caller caller, ListQuery query) {
        Found<Group> found =
                groups.list(caller.workspaceId(), Selection.of(query, Attributes.GROUPS, GroupWire.SCHEMA));
        return new Found<>(
                found.total(), complete(directory, groups, caller.workspaceId(), found.page(), query.projection()));
    }

    Group get(Caller caller, @Nullable String id, Projection projection) {
        Group group = find(groups, caller.workspaceId(), id);
        return complete(directory, groups, caller.workspaceId(), List.of(group), projection)
                .get(0);
    }

    Group create(Caller caller, ObjectNode body) {
        Wanted wanted = GroupWire.read(body);
        String name = ApiException.require(wanted.name(), "displayName");
        return directory.change(caller.workspaceId(), change -> {
            long workspaceId = caller.workspaceId();
            long id = change.directory().nextPrincipalId();
            if (!change.groups().insert(workspaceId, id, name, wanted.externalId(), clock.instant())) {
                throw taken(name);
            }
            change.directory().setEntitlements(workspaceId, id, wanted.entitlements());
            Set<Long> members = wanted.members() == null ? Set.of() : wanted.members();
            add(change, workspaceId, id, members);
            for (long parent : wanted.groups()) {
                Group group = change.groups()
                        .find(workspaceId, parent)
                        .filter(found -> !found.everybody())
                        .orElseThrow(() -> ScimFailures.invalidValue(
                                "groups: there is no group " + parent + " that can have members"));
                add(change, workspaceId, group.id(), Set.of(id));
            }
            change.directory().record(caller, resource(id), Map.of("name", name, "members", members.size()));
            return whole(change, workspaceId, id);
        });
    }

    Group replace(Caller caller, @Nullable String id, ObjectNode body) {
        Wanted wanted = GroupWire.read(body);
        return directory.change(caller.workspaceId(), change -> {
            Group group = whole(
                    change,
                    caller.workspaceId(),
                    find(change.groups(), caller.workspaceId(), id).id());
            Set<Long> members = wanted.members() != null ? wanted.members() : group.everybody() ? ids(group) : Set.of();
            return save(caller, change, group, wanted, members);
        });
    }

    Group patch(Caller caller, @Nullable String id, ObjectNode request) {
        return directory.change(caller.workspaceId(), change -> {
            Group group = whole(
                    change,
                    caller.workspaceId(),
                    find(change.groups(), caller.workspaceId(), id).id());
            ObjectNode resource = GroupWire.write(group);
            Set<Long> before = Resources.ids(resource, "groups");
            new Patches(GroupWire.SCHEMA, KnownAttributes.GROUPS).apply(resource, request);
            Wanted wanted = GroupWire.read(resource);
            if (!wanted.groups().equals(before)) {
                throw ScimFailures.mutability("groups is read-only: change the members of the other group");
            }
            return save(caller, change, group, wanted, wanted.members() == null ? Set.of() : wanted.members());
        });
    }

    void delete(Caller caller, @Nullable String id) {
        directory.change(caller.workspaceId(), change -> {
            long workspaceId = caller.workspaceId();
            Group group = find(change.groups(), workspaceId, id);
            if (group.builtIn()) {
                throw ScimFailures.mutability("The group " + group.name() + " of a workspace cannot be deleted");
            }
            change.directory().forget(workspaceId, group.id());
            change.groups().delete(workspaceId, group.id());
            Administrators.remain(change, workspaceId);
            change.directory().record(caller, resource(group.id()), Map.of("name", group.name()));
            return true;
        });
    }

    private Group save(Caller caller, Change change, Group group, Wanted wanted, Set<Long> members) {
        long workspaceId = caller.workspaceId();
        String name = wanted.name() == null ? group.name() : wanted.name();
        rename(change, workspaceId, group, name);
        change.groups().update(workspaceId, group.id(), name, wanted.externalId());
        change.directory().setEntitlements(workspaceId, group.id(), wanted.entitlements());
        Set<Long> before = ids(group);
        Set<Long> added = without(members, before);
        Set<Long> removed = without(before, members);
        if (group.everybody() && !(added.isEmpty() && removed.isEmpty())) {
            throw ScimFailures.mutability("Everybody of the workspace is in the group users, and nothing else is");
        }
        add(change, workspaceId, group.id(), added);
        removed.forEach(member -> change.directory().removeMember(workspaceId, group.id(), member));
        if (!removed.isEmpty()) {
            Administrators.remain(change, workspaceId);
        }
        change.directory()
                .record(
                        caller,
                        resource(group.id()),
                        Map.of(
                                "name", name,
                                "added", few(added),
                                "removed", few(removed),
                                "entitlements", wanted.entitlements()));
        return whole(change, workspaceId, group.id());
    }

    private static void rename(Change change, long workspaceId, Group group, String name) {
        if (name.equals(group.name())) {
            return;
        }
        if (group.builtIn()) {
            throw ScimFailures.mutability("The group " + group.name() + " of a workspace cannot be renamed");
        }
        if (change.groups().taken(workspaceId, group.id(), name)) {
            throw taken(name);
        }
    }

    private static void add(Change change, long workspaceId, long groupId, Set<Long> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Map<Long, Member> known = change.directory().members(workspaceId, ids);
        for (long id : ids) {
            if (!known.containsKey(id)) {
                throw ScimFailures.invalidValue("members: there is no user, service principal or group " + id);
            }
        }
        Set<Long> inner = known.values().stream()
                .filter(member -> member.kind() == PrincipalKind.GROUP)
                .map(Member::id)
                .collect(Collectors.toSet());
        if (!inner.isEmpty() && change.directory().holds(workspaceId, inner, groupId)) {
            throw ScimFailures.invalidValue("members: a group cannot be a member of itself, also not through others");
        }
        known.values().forEach(member -> change.directory().addMember(workspaceId, groupId, member));
    }

    private static Group whole(Change change, long workspaceId, long id) {
        Group group = change.groups().find(workspaceId, id).orElseThrow();
        return complete(change.directory(), change.groups(), workspaceId, List.of(group), Projection.ALL)
                .get(0);
    }

    private static List<Group> complete(
            DirectoryStore store, GroupStore groups, long workspaceId, List<Group> found, Projection projection) {
        List<Long> ids = found.stream().map(Group::id).toList();
        Map<Long, List<Member>> members = projection.wants("members") ? groups.members(workspaceId, ids) : Map.of();
        Map<Long, List<Membership>> memberships =
                projection.wants("groups") ? store.memberships(workspaceId, ids) : Map.of();
        Map<Long, List<String>> entitlements =
                projection.wants("entitlements") ? store.entitlements(workspaceId, ids) : Map.of();
        return found.stream()
                .map(group -> group.with(
                        members.getOrDefault(group.id(), List.of()),
                        memberships.getOrDefault(group.id(), List.of()),
                        entitlements.getOrDefault(group.id(), List.of())))
                .toList();
    }

    private static Group find(GroupStore store, long workspaceId, @Nullable String id) {
        return Resources.id(id)
                .flatMap(number -> store.find(workspaceId, number))
                .orElseThrow(() ->
                        ApiException.notFound("Group with id " + Resources.shown(String.valueOf(id)) + " not found."));
    }

    private static Set<Long> ids(Group group) {
        return group.members().stream().map(Member::id).collect(Collectors.toSet());
    }

    private static Set<Long> without(Set<Long> ids, Set<Long> others) {
        Set<Long> left = new HashSet<>(ids);
        left.removeAll(others);
        return left;
    }

    /** An audit row names the first hundred. */
    private static List<Long> few(Set<Long> ids) {
        return ids.stream().sorted().limit(100).toList();
    }

    private static ApiException taken(String name) {
        return ScimFailures.uniqueness("Group with name " + name + " already exists.");
    }

    private static String resource(long id) {
        return "group/" + id;
    }
}
