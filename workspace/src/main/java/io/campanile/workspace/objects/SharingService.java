package io.campanile.workspace.objects;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.permissions.AclStore;
import io.campanile.common.permissions.Grant;
import io.campanile.common.permissions.Implied;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who has what on an object in the end, and where each has it from. Blocking. */
public final class SharingService {
    private final Tree tree;
    private final AclStore grants;
    private final Directory directory;

    public SharingService(Tree tree, AclStore grants, Directory directory) {
        this.tree = requireNonNull(tree, "tree");
        this.grants = requireNonNull(grants, "grants");
        this.directory = requireNonNull(directory, "directory");
    }

    /** Why somebody has a level: a grant on an object of the chain, or a rule. */
    enum Reason {
        GRANT,
        OWNER,
        EVERYBODY,
        ADMINS
    }

    /** One reason for a level. */
    record Source(Permission permissionLevel, Reason reason, long objectId, String path) {}

    /**
     * What one principal has.
     *
     * @param permissionLevel the highest of its sources
     * @param direct whether it was given on the object itself
     * @param includesYou whether the caller is this principal, or in this group
     */
    record Holder(
            PrincipalKind kind,
            String name,
            String displayName,
            Permission permissionLevel,
            boolean direct,
            boolean includesYou,
            List<Source> sources) {}

    /** The object and everybody who has anything on it. */
    record Effective(Located object, Permission yours, List<Holder> holders) {}

    Effective effective(Caller caller, long objectId) {
        Located located = tree.live(caller, objectId, Permission.CAN_READ);
        List<Found> found = found(caller, located);
        Map<Long, Principal> known = new LinkedHashMap<>();
        directory
                .byId(
                        caller,
                        found.stream()
                                .map(Found::principalId)
                                .filter(id -> id != 0)
                                .distinct()
                                .toList())
                .forEach(principal -> known.put(principal.principalId(), principal));
        Map<Principal.Name, List<Found>> byPrincipal = new LinkedHashMap<>();
        Map<Principal.Name, Principal> principals = new LinkedHashMap<>();
        for (Found each : found) {
            Principal principal = each.group() == null
                    ? known.get(each.principalId())
                    : new Principal(0, PrincipalKind.GROUP, each.group(), each.group(), true);
            if (principal != null) {
                Principal.Name name = new Principal.Name(principal.kind(), principal.name());
                principals.putIfAbsent(name, principal);
                byPrincipal.computeIfAbsent(name, same -> new ArrayList<>()).add(each);
            }
        }
        List<Holder> holders = byPrincipal.entrySet().stream()
                .map(entry -> holder(requireNonNull(principals.get(entry.getKey())), entry.getValue(), located))
                .toList();
        return new Effective(located, tree.permission(caller, located), holders);
    }

    private record Found(long principalId, @Nullable String group, boolean you, Source source) {}

    /** From the object up to the root, then by rule. */
    private List<Found> found(Caller caller, Located located) {
        Map<String, Source> places = new LinkedHashMap<>();
        List<WorkspaceObject> chain = located.chain();
        for (int i = chain.size() - 1; i >= 0; i--) {
            Located above = new Located(chain.subList(0, i + 1));
            places.put(
                    ObjectStore.ref(chain.get(i)).toString(),
                    new Source(
                            Permission.NONE,
                            Reason.GRANT,
                            chain.get(i).objectId(),
                            above.path().toString()));
        }
        List<Grant> all = grants.of(
                caller.workspaceId(), chain.stream().map(ObjectStore::ref).toList());
        Stream<Found> granted = places.keySet().stream()
                .flatMap(place -> all.stream()
                        .filter(grant -> grant.object().toString().equals(place))
                        .map(grant -> new Found(
                                grant.principalId(),
                                null,
                                grant.reaches(caller),
                                source(places, place, grant.level(), Reason.GRANT))));
        Stream<Found> byRule = WorkspaceTargets.implied(located).stream()
                .map(rule -> new Found(
                        rule.principalId(),
                        rule.name(),
                        rule.reaches(caller),
                        source(places, rule.from(), rule.level(), reason(rule))));
        return Stream.concat(granted, byRule).toList();
    }

    private static Source source(Map<String, Source> places, String place, String level, Reason reason) {
        Source at = requireNonNull(places.get(place), place);
        return new Source(Permission.valueOf(level), reason, at.objectId(), at.path());
    }

    private static Reason reason(Implied rule) {
        if (rule.name() == null) {
            return Reason.OWNER;
        }
        return rule.isAdmins() ? Reason.ADMINS : Reason.EVERYBODY;
    }

    private static Holder holder(Principal principal, List<Found> found, Located located) {
        Permission highest = found.stream()
                .map(each -> each.source().permissionLevel())
                .reduce(Permission.NONE, (one, other) -> one.includes(other) ? one : other);
        long self = located.object().objectId();
        return new Holder(
                principal.kind(),
                principal.name(),
                principal.displayName(),
                highest,
                found.stream()
                        .anyMatch(each -> each.source().reason() == Reason.GRANT
                                && each.source().objectId() == self),
                found.stream().anyMatch(Found::you),
                found.stream().map(Found::source).toList());
    }
}
