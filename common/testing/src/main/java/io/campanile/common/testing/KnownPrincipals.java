package io.campanile.common.testing;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A directory that knows whom it was told of, per workspace. */
public final class KnownPrincipals implements Directory {
    private final List<Entry> entries = new ArrayList<>();

    private record Entry(long workspaceId, Principal principal) {}

    public synchronized KnownPrincipals with(long workspaceId, long id, PrincipalKind kind, String name) {
        return with(workspaceId, id, kind, name, true);
    }

    public synchronized KnownPrincipals with(
            long workspaceId, long id, PrincipalKind kind, String name, boolean active) {
        entries.add(new Entry(workspaceId, new Principal(id, kind, name, "Display of " + name, active)));
        return this;
    }

    @Override
    public synchronized List<Principal> byName(Caller caller, Collection<Principal.Name> names) {
        return of(caller).stream()
                .filter(known -> names.contains(new Principal.Name(known.kind(), known.name())))
                .toList();
    }

    @Override
    public synchronized List<Principal> byId(Caller caller, Collection<Long> ids) {
        return of(caller).stream()
                .filter(known -> ids.contains(known.principalId()))
                .toList();
    }

    private List<Principal> of(Caller caller) {
        return entries.stream()
                .filter(entry -> entry.workspaceId() == caller.workspaceId())
                .map(Entry::principal)
                .toList();
    }
}
