package io.campanile.common.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person has beyond being a user of the workspace.
 *
 * @param admin of the workspace
 * @param accountAdmin may make and delete workspaces and assign people to them
 * @param groups ids of all groups of the workspace the person is in, also through other groups
 * @param entitlements by their SCIM names, such as {@code allow-cluster-create}; an administrator has them all
 * @param scopes what the credential in use is limited to ({@link Scopes}); null when it is not limited
 */
public record Rights(
        boolean admin,
        boolean accountAdmin,
        Set<Long> groups,
        Set<String> entitlements,
        @Nullable Set<String> scopes) {
    public static final Rights NONE = new Rights(false, false, Set.of(), Set.of());
    public static final Rights ADMIN = new Rights(true, false, Set.of(), Set.of());

    public Rights {
        groups = Set.copyOf(groups);
        entitlements = Set.copyOf(entitlements);
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }

    /** Rights of a credential without limits. */
    public Rights(boolean admin, boolean accountAdmin, Set<Long> groups, Set<String> entitlements) {
        this(admin, accountAdmin, groups, entitlements, null);
    }

    /** The same rights within what a credential is limited to. */
    public Rights within(@Nullable Set<String> limits) {
        return new Rights(admin, accountAdmin, groups, entitlements, limits);
    }

    /** Whether the person has an entitlement, by itself or as an administrator. */
    public boolean entitled(String entitlement) {
        return admin || entitlements.contains(entitlement);
    }
}
