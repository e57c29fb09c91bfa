package io.campanile.common.permissions;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A kind of object that has permissions.
 *
 * @param type what {@code object_type} says: {@code notebook}
 * @param collection how addresses begin: {@code notebooks}
 * @param levels from the least to the most; each includes those before it
 */
public record PermissionKind(String type, String collection, List<PermissionLevel> levels) {
    public static final String CAN_MANAGE = "CAN_MANAGE";

    public PermissionKind {
        requireNonNull(type, "type");
        requireNonNull(collection, "collection");
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("A kind has at least one level: " + type);
        }
    }

    /** Whoever has this level may change the permissions. */
    public String manage() {
        return rank(CAN_MANAGE) >= 0
                ? CAN_MANAGE
                : levels.get(levels.size() - 1).permissionLevel();
    }

    /** Where a level stands among the others; -1: no level of this kind. */
    int rank(String level) {
        for (int i = 0; i < levels.size(); i++) {
            if (levels.get(i).permissionLevel().equals(level)) {
                return i;
            }
        }
        return -1;
    }

    List<String> names() {
        return levels.stream().map(PermissionLevel::permissionLevel).toList();
    }

    ObjectRef ref(String objectId) {
        return new ObjectRef(collection, objectId);
    }
}
