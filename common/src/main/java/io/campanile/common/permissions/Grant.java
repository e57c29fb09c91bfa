package io.campanile.common.permissions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.PrincipalKind;

/** A level that was given to somebody on an object itself. */
public record Grant(ObjectRef object, long principalId, PrincipalKind kind, String level) {
    public Grant {
        requireNonNull(object, "object");
        requireNonNull(kind, "kind");
        requireNonNull(level, "level");
    }

    /** Whether the caller has it, in person or through a group. */
    public boolean reaches(Caller caller) {
        return principalId == caller.userId() || caller.groups().contains(principalId);
    }
}
