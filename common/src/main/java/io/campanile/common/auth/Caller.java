package io.campanile.common.auth;

import static java.util.Objects.requireNonNull;

import io.campanile.common.http.ApiException;
import io.campanile.common.http.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, as an internal token says. Passed explicitly; never a thread local.
 *
 * @param workspaceId the tenant; 0 when a service calls for no workspace
 * @param userId 0 when a service calls for no user
 * @param service the calling service, or null for a user's request that came through the gateway
 */
public record Caller(
        long workspaceId,
        long userId,
        String userName,
        boolean admin,
        @Nullable String service,
        String requestId) {
    public Caller {
        requireNonNull(userName, "userName");
        requireNonNull(requestId, "requestId");
    }

    /** A service acting for a whole workspace. */
    public static Caller service(String service, long workspaceId, String requestId) {
        return new Caller(workspaceId, 0, "", false, service, requestId);
    }

    /** The same person and workspace, called for by a service. */
    public Caller via(String callingService) {
        return new Caller(workspaceId, userId, userName, admin, callingService, requestId);
    }

    public void requireAdmin() {
        if (!admin) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "Only an administrator of the workspace may do this");
        }
    }
}
