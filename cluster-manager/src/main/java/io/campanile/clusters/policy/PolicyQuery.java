package io.campanile.clusters.policy;

import io.campanile.common.auth.Caller;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which policies a list shows.
 *
 * @param principals those one of whom must have been given the policy; null: all of the workspace
 */
record PolicyQuery(long workspaceId, @Nullable Set<Long> principals, boolean byName, boolean ascending) {
    static PolicyQuery of(Caller caller, boolean byName, boolean ascending) {
        Set<Long> principals = new HashSet<>(caller.groups());
        principals.add(caller.userId());
        return new PolicyQuery(caller.workspaceId(), caller.admin() ? null : Set.copyOf(principals), byName, ascending);
    }
}
