package io.campanile.identity.people;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Rights;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Record;

/** What a person may beyond being there: groups, also through other groups, and the entitlements of all of them. */
public final class RightsStore {
    private static final String ADMINS = "admins";

    /** Everybody of a workspace is in its group "users", with or without a row that says so. */
    private static final String GROUPS = """
            with recursive holder(workspace_id, user_id) as (
                select * from unnest(cast(? as bigint[]), cast(? as bigint[]))
            ), member_of(workspace_id, user_id, group_id) as (
                select h.workspace_id, h.user_id, m.group_id from holder h
                join group_member m on m.workspace_id = h.workspace_id and m.member_id = h.user_id
                union
                select o.workspace_id, o.user_id, up.group_id from member_of o
                join group_member up on up.workspace_id = o.workspace_id and up.member_id = o.group_id
            ), everybody as (
                select h.workspace_id, h.user_id, g.group_id from holder h
                join user_group g on g.workspace_id = h.workspace_id and g.name = 'users'
            )
            select o.workspace_id, o.user_id, g.group_id, g.name
            from (select * from member_of union select * from everybody) o
            join user_group g on g.workspace_id = o.workspace_id and g.group_id = o.group_id
            """;

    private static final String ENTITLEMENTS = """
            select workspace_id, principal_id, name from entitlement
            where workspace_id = any (cast(? as bigint[])) and principal_id = any (cast(? as bigint[]))
            """;

    private final DSLContext db;

    public RightsStore(DSLContext db) {
        this.db = requireNonNull(db, "db");
    }

    /** A member of a workspace. */
    public record Holder(long workspaceId, long userId, boolean accountAdmin) {}

    private record Principal(long workspaceId, long id) {}

    private record Grant(long groupId, String name) {}

    /** The rights of a member of a workspace. */
    public Rights of(long workspaceId, long userId, boolean accountAdmin) {
        Holder holder = new Holder(workspaceId, userId, accountAdmin);
        return requireNonNull(of(List.of(holder)).get(holder));
    }

    /** The rights of each of some members, of whatever workspaces. */
    public Map<Holder, Rights> of(Collection<Holder> holders) {
        Map<Holder, Rights> rights = new HashMap<>();
        if (holders.isEmpty()) {
            return rights;
        }
        Map<Principal, Set<Grant>> groups = groups(holders);
        Map<Principal, Set<String>> entitlements = entitlements(groups);
        for (Holder holder : holders) {
            Principal person = new Principal(holder.workspaceId(), holder.userId());
            Set<Grant> held = groups.getOrDefault(person, Set.of());
            Set<String> entitled = new HashSet<>(entitlements.getOrDefault(person, Set.of()));
            held.forEach(group -> entitled.addAll(
                    entitlements.getOrDefault(new Principal(holder.workspaceId(), group.groupId()), Set.of())));
            rights.put(
                    holder,
                    new Rights(
                            held.stream().anyMatch(group -> group.name().equals(ADMINS)),
                            holder.accountAdmin(),
                            held.stream().map(Grant::groupId).collect(Collectors.toSet()),
                            entitled));
        }
        return rights;
    }

    private Map<Principal, Set<Grant>> groups(Collection<Holder> holders) {
        List<Holder> distinct = holders.stream().distinct().toList();
        Map<Principal, Set<Grant>> found = new HashMap<>();
        distinct.forEach(holder -> found.put(new Principal(holder.workspaceId(), holder.userId()), new HashSet<>()));
        Long[] workspaces = distinct.stream().map(Holder::workspaceId).toArray(Long[]::new);
        Long[] users = distinct.stream().map(Holder::userId).toArray(Long[]::new);
        for (Record row : db.fetch(GROUPS, workspaces, users)) {
            found.computeIfAbsent(
                            new Principal(row.get(0, Long.class), row.get(1, Long.class)), person -> new HashSet<>())
                    .add(new Grant(row.get(2, Long.class), row.get(3, String.class)));
        }
        return found;
    }

    private Map<Principal, Set<String>> entitlements(Map<Principal, Set<Grant>> groups) {
        Set<Long> principals = new HashSet<>();
        Set<Long> workspaces = new HashSet<>();
        groups.forEach((person, held) -> {
            workspaces.add(person.workspaceId());
            principals.add(person.id());
            held.forEach(group -> principals.add(group.groupId()));
        });
        Map<Principal, Set<String>> found = new HashMap<>();
        for (Record row : db.fetch(ENTITLEMENTS, workspaces.toArray(Long[]::new), principals.toArray(Long[]::new))) {
            found.computeIfAbsent(
                            new Principal(row.get(0, Long.class), row.get(1, Long.class)), holder -> new HashSet<>())
                    .add(row.get(2, String.class));
        }
        return found;
    }
}
