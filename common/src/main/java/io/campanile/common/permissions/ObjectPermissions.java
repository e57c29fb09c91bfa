package io.campanile.common.permissions;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of the permissions API. */
public record ObjectPermissions(String objectId, String objectType, List<Entry> accessControlList) {
    public ObjectPermissions {
        accessControlList = List.copyOf(accessControlList);
    }

    /** What one principal has; exactly one of the three names is there. */
    public record Entry(
            @Nullable String userName,
            @Nullable String groupName,
            @Nullable String servicePrincipalName,
            @Nullable String displayName,
            List<Held> allPermissions) {}

    /** One level and where it comes from; inherited is whatever was not granted on the object itself. */
    public record Held(
            String permissionLevel,
            boolean inherited,
            @Nullable List<String> inheritedFromObject) {
        static Held direct(String level) {
            return new Held(level, false, null);
        }

        static Held inherited(String level, String from) {
            return new Held(level, true, List.of(from));
        }
    }
}
