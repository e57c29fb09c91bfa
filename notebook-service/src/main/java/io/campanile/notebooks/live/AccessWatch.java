package io.campanile.notebooks.live;

import static java.util.Objects.requireNonNull;

import io.campanile.notebooks.access.WorkspaceClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Says whose access may have changed since the last time it was asked. Blocking; one caller at a time. */
final class AccessWatch {
    private static final long NEVER_ASKED = -1;

    private final WorkspaceClient workspace;
    private Map<Long, Long> seen = Map.of();

    AccessWatch(WorkspaceClient workspace) {
        this.workspace = requireNonNull(workspace, "workspace");
    }

    /** Of these tabs those in workspaces where access changed, or that were not asked about before. */
    synchronized List<TabSubscription> affected(List<TabSubscription> tabs) {
        Set<Long> workspaces = tabs.stream().map(tab -> tab.key().workspaceId()).collect(Collectors.toSet());
        if (workspaces.isEmpty()) {
            seen = Map.of();
            return List.of();
        }
        Map<Long, Long> answered = workspace.changes(workspaces);
        Map<Long, Long> now = new HashMap<>();
        workspaces.forEach(id -> now.put(id, answered.getOrDefault(id, 0L)));
        Map<Long, Long> before = seen;
        seen = now;
        return tabs.stream()
                .filter(tab -> {
                    long id = tab.key().workspaceId();
                    return before.getOrDefault(id, NEVER_ASKED)
                            != now.getOrDefault(id, 0L).longValue();
                })
                .toList();
    }
}
