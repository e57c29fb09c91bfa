package io.campanile.common.permissions;

import io.campanile.common.auth.Caller;
import java.util.List;

/** What a service says of its objects to have the permissions API for them. Blocking. */
public interface PermissionTargets {
    /** The object, when the caller may know of it; else 404 or 403 as the service refuses elsewhere. */
    Target find(Caller caller, String objectId);

    /**
     * An object with permissions.
     *
     * @param above what it inherits grants from, the nearest first
     * @param implied what some have without a grant
     * @param managed whether the caller may change the permissions
     */
    record Target(ObjectRef self, List<ObjectRef> above, List<Implied> implied, boolean managed) {
        public Target {
            above = List.copyOf(above);
            implied = List.copyOf(implied);
        }
    }
}
