package io.campanile.common.permissions;

import static java.util.Objects.requireNonNull;

import io.campanile.common.auth.Caller;
import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import org.jspecify.annotations.Nullable;

/**
 * A level that somebody has by a rule, without a grant: an owner, the administrators. It cannot be taken away.
 *
 * @param principalId of an owner; 0 for the groups every workspace has, which are known by name
 * @param name of such a group; null for an owner
 * @param from where it comes from, as {@code inherited_from_object} says
 */
public record Implied(long principalId, @Nullable String name, String level, String from) {
    static final String ADMINS = "admins";
    static final String USERS = "users";

    public Implied {
        requireNonNull(level, "level");
        requireNonNull(from, "from");
    }

    public static Implied owner(long userId, String level, ObjectRef from) {
        return new Implied(userId, null, level, from.toString());
    }

    public static Implied admins(String level, String from) {
        return new Implied(0, ADMINS, level, from);
    }

    /** Everybody in the workspace. */
    public static Implied everybody(String level, ObjectRef from) {
        return new Implied(0, USERS, level, from.toString());
    }

    /** Whether this is the administrators' rule. */
    public boolean isAdmins() {
        return ADMINS.equals(name);
    }

    /** Whether the caller has it. */
    public boolean reaches(Caller caller) {
        if (name == null) {
            return principalId == caller.userId();
        }
        return name.equals(USERS) || caller.admin();
    }

    /** The group, when it is one of those. */
    @Nullable
    Principal group() {
        return name == null ? null : new Principal(0, PrincipalKind.GROUP, name, name, true);
    }
}
