package io.campanile.workspace;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Directory;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import java.util.Collection;
import java.util.List;

/** A directory with the people of the tests in workspace 1. */
final class KnownPeople implements Directory {
    private static final List<Principal> ALL = List.of(
            new Principal(7, PrincipalKind.USER, "alice@example.com", "Alice", true),
            new Principal(8, PrincipalKind.USER, "bob@example.com", "Bob", true),
            new Principal(20, PrincipalKind.GROUP, "analysts", "analysts", true),
            new Principal(21, PrincipalKind.GROUP, "users", "users", true));

    @Override
    public List<Principal> byName(Caller caller, Collection<Principal.Name> names) {
        return known(caller).stream()
                .filter(one -> names.contains(new Principal.Name(one.kind(), one.name())))
                .toList();
    }

    @Override
    public List<Principal> byId(Caller caller, Collection<Long> ids) {
        return known(caller).stream()
                .filter(one -> ids.contains(one.principalId()))
                .toList();
    }

    private static List<Principal> known(Caller caller) {
        return caller.workspaceId() == 1 ? ALL : List.of();
    }
}
