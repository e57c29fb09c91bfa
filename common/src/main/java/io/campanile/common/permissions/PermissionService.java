package io.campanile.common.permissions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.audit.Audit;
import io.campanile.common.auth.Caller;
import io.campanile.common.db.Database;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of reading and changing permissions on one kind of object. Blocking. */
public final class PermissionService {
    private static final int MOST_ENTRIES = 1_000;

    private final Database database;
    private final AclStore grants;
    private final Directory directory;
    private final PermissionKind kind;
    private final PermissionTargets targets;

    public PermissionService(Database database, Directory directory, PermissionKind kind, PermissionTargets targets) {
        this.database = requireNonNull(database, "database");
        this.grants = new AclStore(database);
        this.directory = requireNonNull(directory, "directory");
        this.kind = requireNonNull(kind, "kind");
        this.targets = requireNonNull(targets, "targets");
    }

    PermissionKind kind() {
        return kind;
    }

    /** Every level objects of this kind can be given; only for objects the caller may know of. */
    List<PermissionLevel> levels(Caller caller, String objectId) {
        targets.find(caller, objectId);
        return kind.levels();
    }

    ObjectPermissions get(Caller caller, String objectId) {
        return shown(caller, targets.find(caller, objectId));
    }

    /** The grants on the object become the wished ones. */
    ObjectPermissions replace(Caller caller, String objectId, List<AccessControl> wishes) {
        return change(caller, objectId, wishes, false);
    }

    /** The wished grants join those that are there; a principal that has one already gets the new level. */
    ObjectPermissions merge(Caller caller, String objectId, List<AccessControl> wishes) {
        return change(caller, objectId, wishes, true);
    }

    private ObjectPermissions change(Caller caller, String objectId, List<AccessControl> wishes, boolean keep) {
        PermissionTargets.Target target = targets.find(caller, objectId);
        if (!target.managed()) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED,
                    kind.rank(PermissionKind.CAN_MANAGE) < 0
                            ? "Only an administrator of the workspace shares " + kind.type() + " " + objectId
                            : caller.userName() + " does not have " + kind.manage() + " on " + kind.type() + " "
                                    + objectId);
        }
        Map<Long, Grant> wanted = read(caller, target.self(), wishes);
        database.transact(tx -> {
            AclStore.lock(tx, caller.workspaceId(), target.self());
            Map<Long, Grant> after = new LinkedHashMap<>();
            if (keep) {
                AclStore.of(tx, caller.workspaceId(), List.of(target.self()))
                        .forEach(grant -> after.put(grant.principalId(), grant));
            }
            after.putAll(wanted);
            List<Grant> direct = List.copyOf(after.values());
            List<Grant> above = AclStore.of(tx, caller.workspaceId(), target.above());
            requireStillManaged(caller, target, Stream.concat(direct.stream(), above.stream()));
            AclStore.replace(tx, caller.workspaceId(), target.self(), direct);
            Audit.record(tx, caller, kind.type() + "/" + objectId, details(direct));
        });
        return shown(caller, target);
    }

    /** By principal, in the order of the wishes. */
    private Map<Long, Grant> read(Caller caller, ObjectRef self, List<AccessControl> wishes) {
        if (wishes.size() > MOST_ENTRIES) {
            throw ApiException.invalid("access_control_list has at most " + MOST_ENTRIES + " entries");
        }
        Map<Principal.Name, String> levels = new LinkedHashMap<>();
        for (int i = 0; i < wishes.size(); i++) {
            String field = "access_control_list[" + i + "]";
            AccessControl wish = ApiException.require(wishes.get(i), field);
            Principal.Name name = wish.principal(field);
            String level = wish.level(field, kind);
            requireAdminsKept(field, name, level);
            if (levels.put(folded(name), level) != null) {
                throw ApiException.invalid(field + " names " + name.name() + " a second time");
            }
        }
        Map<Principal.Name, Principal> known = new LinkedHashMap<>();
        directory
                .byName(caller, levels.keySet())
                .forEach(found -> known.put(folded(new Principal.Name(found.kind(), found.name())), found));
        Map<Long, Grant> wanted = new LinkedHashMap<>();
        levels.forEach((name, level) -> {
            Principal principal = known.get(name);
            if (principal == null) {
                throw ApiException.invalid(
                        "Principal: " + inWords(name.kind()) + " " + name.name() + " does not exist in this workspace");
            }
            wanted.put(principal.principalId(), new Grant(self, principal.principalId(), name.kind(), level));
        });
        return wanted;
    }

    /** Names of people are the same in any case, those of groups are not. */
    private static Principal.Name folded(Principal.Name name) {
        return name.kind() == PrincipalKind.USER
                ? new Principal.Name(name.kind(), name.name().toLowerCase(Locale.ROOT))
                : name;
    }

    private void requireAdminsKept(String field, Principal.Name name, String level) {
        boolean admins = name.kind() == PrincipalKind.GROUP && name.name().equals(Implied.ADMINS);
        if (admins && kind.rank(level) < kind.rank(kind.manage())) {
            throw ApiException.invalid(field + ": the group admins always has " + kind.manage());
        }
    }

    /** Whoever shuts himself out cannot come back by himself: most likely a mistake. */
    private void requireStillManaged(Caller caller, PermissionTargets.Target target, Stream<Grant> after) {
        int needed = kind.rank(kind.manage());
        boolean byRule = target.implied().stream()
                .anyMatch(implied -> implied.reaches(caller) && kind.rank(implied.level()) >= needed);
        if (!byRule && after.noneMatch(grant -> grant.reaches(caller) && kind.rank(grant.level()) >= needed)) {
            throw ApiException.invalid("This would take your own " + kind.manage() + " on " + kind.type() + " "
                    + target.self().id() + " away; only an administrator may do that");
        }
    }

    private static Map<String, Object> details(List<Grant> direct) {
        return Map.of(
                "access_control_list",
                direct.stream()
                        .map(grant -> Map.of("principal_id", grant.principalId(), "permission_level", grant.level()))
                        .toList());
    }

    /** Direct grants first, in the order they were set; then what is inherited only, the nearest first. */
    private ObjectPermissions shown(Caller caller, PermissionTargets.Target target) {
        List<ObjectRef> chain = new ArrayList<>(List.of(target.self()));
        chain.addAll(target.above());
        List<Grant> all = new ArrayList<>(grants.of(caller.workspaceId(), chain));
        // Stable: the order among the grants of one object stays.
        all.sort(Comparator.comparingInt(grant -> chain.indexOf(grant.object())));
        Map<Long, Principal> known = new LinkedHashMap<>();
        Stream<Long> ids = Stream.concat(
                all.stream().map(Grant::principalId),
                target.implied().stream().map(Implied::principalId).filter(id -> id != 0));
        directory.byId(caller, ids.distinct().toList()).forEach(found -> known.put(found.principalId(), found));
        Map<Principal.Name, Shown> entries = new LinkedHashMap<>();
        for (Grant grant : all) {
            add(
                    entries,
                    known.get(grant.principalId()),
                    grant.object().equals(target.self())
                            ? ObjectPermissions.Held.direct(grant.level())
                            : ObjectPermissions.Held.inherited(
                                    grant.level(), grant.object().toString()));
        }
        for (Implied implied : target.implied()) {
            Principal group = implied.group();
            add(
                    entries,
                    group == null ? known.get(implied.principalId()) : group,
                    ObjectPermissions.Held.inherited(implied.level(), implied.from()));
        }
        return new ObjectPermissions(
                target.self().toString(),
                kind.type(),
                entries.values().stream().map(Shown::entry).toList());
    }

    private static void add(
            Map<Principal.Name, Shown> entries, @Nullable Principal principal, ObjectPermissions.Held held) {
        // Who was deleted has nothing any more, whatever rows are left.
        if (principal != null) {
            entries.computeIfAbsent(
                            new Principal.Name(principal.kind(), principal.name()),
                            name -> new Shown(principal, new ArrayList<>()))
                    .held()
                    .add(held);
        }
    }

    private static String inWords(PrincipalKind kind) {
        return switch (kind) {
            case USER -> "UserName";
            case GROUP -> "GroupName";
            case SERVICE_PRINCIPAL -> "ServicePrincipalName";
        };
    }

    private record Shown(Principal principal, List<ObjectPermissions.Held> held) {
        ObjectPermissions.Entry entry() {
            String name = principal.name();
            return new ObjectPermissions.Entry(
                    principal.kind() == PrincipalKind.USER ? name : null,
                    principal.kind() == PrincipalKind.GROUP ? name : null,
                    principal.kind() == PrincipalKind.SERVICE_PRINCIPAL ? name : null,
                    principal.kind() == PrincipalKind.GROUP ? null : principal.displayName(),
                    List.copyOf(held));
        }
    }
}
