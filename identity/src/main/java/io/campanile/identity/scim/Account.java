package io.campanile.identity.scim;

import io.campanile.common.directory.PrincipalKind;
import java.util.List;

/** A user or service principal of a workspace, with the groups it is in and its own entitlements. */
record Account(
        long id,
        PrincipalKind kind,
        Profile profile,
        boolean active,
        List<Membership> groups,
        List<String> entitlements) {
    Account {
        groups = List.copyOf(groups);
        entitlements = List.copyOf(entitlements);
    }

    Account with(List<Membership> memberships, List<String> own) {
        return new Account(id, kind, profile, active, memberships, own);
    }
}
