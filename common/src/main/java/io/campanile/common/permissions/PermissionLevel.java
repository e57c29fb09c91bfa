package io.campanile.common.permissions;

import static java.util.Objects.requireNonNull;

/** One level of a kind of object, as {@code permissionLevels} shows it. */
public record PermissionLevel(String permissionLevel, String description) {
    public PermissionLevel {
        requireNonNull(permissionLevel, "permissionLevel");
        requireNonNull(description, "description");
    }
}
