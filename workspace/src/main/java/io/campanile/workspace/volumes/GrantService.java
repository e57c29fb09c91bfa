package io.campanile.workspace.volumes;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of grants on volumes. */
public final class GrantService {
    private final GrantStore store;
    private final VolumeAccess access;
    private final Principals principals;

    public GrantService(GrantStore store, VolumeAccess access, Principals principals) {
        this.store = requireNonNull(store, "store");
        this.access = requireNonNull(access, "access");
        this.principals = requireNonNull(principals, "principals");
    }

    /** What one principal is given and what is taken from it. */
    record Wanted(String principal, Set<Privilege> add, Set<Privilege> remove) {}

    /** Privileges by the name of the principal; of one alone when {@code only} is given. */
    Map<String, Set<Privilege>> list(Caller caller, String fullName, @Nullable String only) {
        Volume volume = access.named(caller, VolumeService.nameIn(fullName));
        access.requireAny(caller, volume);
        Map<Long, Set<Privilege>> grants = store.of(volume);
        Map<Long, String> names = principals.names(caller, grants.keySet());
        Map<String, Set<Privilege>> named = new LinkedHashMap<>();
        grants.forEach((id, privileges) -> {
            String name = names.get(id);
            if (name != null && (only == null || only.equals(name))) {
                named.put(name, privileges);
            }
        });
        return named;
    }

    Map<String, Set<Privilege>> change(Caller caller, String fullName, List<Wanted> wanted) {
        Volume volume = access.named(caller, VolumeService.nameIn(fullName));
        access.require(caller, volume, Privilege.MANAGE);
        List<GrantStore.Change> changes = new ArrayList<>();
        for (Wanted one : wanted) {
            changes.add(new GrantStore.Change(principals.named(caller, one.principal()), now -> {
                Set<Privilege> after = EnumSet.noneOf(Privilege.class);
                after.addAll(now);
                after.addAll(one.add());
                after.removeAll(one.remove());
                return after;
            }));
        }
        store.change(caller, volume, changes);
        return list(caller, fullName, null);
    }
}
