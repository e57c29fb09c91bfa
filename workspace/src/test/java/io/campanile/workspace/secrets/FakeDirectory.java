package io.campanile.workspace.secrets;

import io.campanile.common.auth.Caller;
import io.campanile.common.auth.Rights;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.PersonRights;
import io.campanile.common.directory.Principal;
import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who is who, in memory. */
public final class FakeDirectory implements Directory, PersonRights {
    private record Entry(long workspaceId, Principal principal) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Map<Long, Rights> rights = new ConcurrentHashMap<>();

    public synchronized void add(long workspaceId, Principal principal) {
        entries.add(new Entry(workspaceId, principal));
    }

    public synchronized void remove(long principalId) {
        entries.removeIf(entry -> entry.principal().principalId() == principalId);
    }

    public void rights(long userId, Rights of) {
        rights.put(userId, of);
    }

    @Override
    public synchronized List<Principal> byName(Caller caller, Collection<Principal.Name> names) {
        return entries.stream()
                .filter(entry -> entry.workspaceId() == caller.workspaceId())
                .map(Entry::principal)
                .filter(principal -> names.contains(new Principal.Name(principal.kind(), principal.name())))
                .toList();
    }

    @Override
    public synchronized List<Principal> byId(Caller caller, Collection<Long> ids) {
        return entries.stream()
                .filter(entry -> entry.workspaceId() == caller.workspaceId())
                .map(Entry::principal)
                .filter(principal -> ids.contains(principal.principalId()))
                .toList();
    }

    @Override
    public Rights of(Caller caller) {
        Rights known = rights.get(caller.userId());
        if (known == null) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "Not an active user of the workspace");
        }
        return known;
    }
}
