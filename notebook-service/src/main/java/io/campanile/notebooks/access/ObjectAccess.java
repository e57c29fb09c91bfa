package io.campanile.notebooks.access;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A notebook as the workspace service shows it to one person. {@code language} is that of the object. */
public record ObjectAccess(
        long objectId,
        String path,
        String objectType,
        @Nullable String language,
        Permission permission) {
    public ObjectAccess {
        ApiException.require(path, "path");
        ApiException.require(objectType, "object_type");
        ApiException.require(permission, "permission");
    }

    /** The last segment of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** 403 when the person may not do this. */
    public ObjectAccess require(Permission wanted) {
        if (!permission.allows(wanted)) {
            throw new ApiException(
                    ErrorCode.PERMISSION_DENIED, "This needs " + wanted + " on the notebook; you have " + permission);
        }
        return this;
    }
}
