package io.campanile.common.directory;

import static java.util.Objects.requireNonNull;

/**
 * A user, group or service principal of a workspace.
 *
 * @param principalId unique over all kinds
 * @param name what the public API calls it by: user name, group name, application id
 */
public record Principal(long principalId, PrincipalKind kind, String name, String displayName, boolean active) {
    public Principal {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        requireNonNull(displayName, "displayName");
    }

    /** A name with the kind it is of: the same text may be both a user and a group. */
    public record Name(PrincipalKind kind, String name) {
        public Name {
            requireNonNull(kind, "kind");
            requireNonNull(name, "name");
        }
    }
}
