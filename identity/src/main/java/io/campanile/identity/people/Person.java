package io.campanile.identity.people;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A person as one of their workspaces knows them, and the workspaces they can go to. */
record Person(
        long workspaceId,
        String workspaceName,
        long userId,
        String userName,
        String displayName,
        List<Membership> workspaces) {
    Person {
        workspaces = List.copyOf(workspaces);
    }

    boolean isActiveIn(long workspace) {
        return workspaces.stream().anyMatch(membership -> membership.workspaceId() == workspace);
    }

    /** A workspace the person is an active member of. */
    record Membership(
            long workspaceId, String name, @Nullable String hostName) {}
}
