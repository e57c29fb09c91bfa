package io.campanile.identity.scim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group of a workspace, with its direct members, the groups it is in and its own entitlements. */
record Group(
        long id,
        String name,
        @Nullable String externalId,
        List<Member> members,
        List<Membership> groups,
        List<String> entitlements) {
    static final String ADMINS = "admins";
    static final String USERS = "users";

    Group {
        members = List.copyOf(members);
        groups = List.copyOf(groups);
        entitlements = List.copyOf(entitlements);
    }

    Group with(List<Member> direct, List<Membership> memberships, List<String> own) {
        return new Group(id, name, externalId, direct, memberships, own);
    }

    /** Every workspace has it, by this name. */
    boolean builtIn() {
        return name.equals(ADMINS) || name.equals(USERS);
    }

    boolean everybody() {
        return name.equals(USERS);
    }
}
