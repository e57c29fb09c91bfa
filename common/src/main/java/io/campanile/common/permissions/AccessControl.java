package io.campanile.common.permissions;

import io.campanile.common.directory.Principal;
import io.campanile.common.directory.PrincipalKind;
import io.campanile.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/** One wish of a PUT or PATCH: a principal, by one of its names, and a level. */
public record AccessControl(
        @Nullable String userName,
        @Nullable String groupName,
        @Nullable String servicePrincipalName,
        @Nullable String permissionLevel) {
    /** Who is meant; {@code field} names the entry in errors. */
    Principal.Name principal(String field) {
        Principal.Name name = null;
        for (PrincipalKind kind : PrincipalKind.values()) {
            String given = switch (kind) {
                case USER -> userName;
                case GROUP -> groupName;
                case SERVICE_PRINCIPAL -> servicePrincipalName;
            };
            if (given == null || given.isEmpty()) {
                continue;
            }
            if (name != null) {
                throw ambiguous(field);
            }
            name = new Principal.Name(kind, given);
        }
        if (name == null) {
            throw ambiguous(field);
        }
        return name;
    }

    /** The level, one of the kind's. */
    String level(String field, PermissionKind kind) {
        String level = ApiException.require(permissionLevel, field + ".permission_level");
        if (kind.rank(level) < 0) {
            throw ApiException.invalid(field + ".permission_level of a " + kind.type() + " is one of "
                    + String.join(", ", kind.names()) + ": " + level);
        }
        return level;
    }

    private static ApiException ambiguous(String field) {
        return ApiException.invalid(field + " needs exactly one of user_name, group_name and service_principal_name");
    }
}
