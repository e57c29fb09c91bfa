package io.campanile.identity.people;

import java.util.List;

/** A person of a workspace and the groups they are in. */
record Person(
        long workspaceId,
        String workspaceName,
        long userId,
        String userName,
        String displayName,
        boolean active,
        List<Group> groups) {
    record Group(long groupId, String name) {}

    boolean admin() {
        return groups.stream().anyMatch(group -> group.name().equals("admins"));
    }
}
