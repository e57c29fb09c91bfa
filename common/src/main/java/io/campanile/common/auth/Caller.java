package io.campanile.common.auth;

import static java.util.Objects.requireNonNull;

import io.campanile.common.errors.ApiException;
import io.campanile.common.errors.ErrorCode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling, as an internal token says. Passed explicitly; never a thread local.
 *
 * @param workspaceId the tenant; 0 when a service calls for no workspace
 * @param userId 0 when a service calls for no user
 * @param rights what the person has beyond being a user of the workspace
 * @param service the calling service, or null for a user's request that came through the gateway
 * @param action the action of the route being served, for the audit log; empty outside a request
 */
public record Caller(
        long workspaceId,
        long userId,
        String userName,
        Rights rights,
        @Nullable String service,
        String action,
        String requestId) {
    public Caller {
        requireNonNull(userName, "userName");
        requireNonNull(rights, "rights");
        requireNonNull(action, "action");
        requireNonNull(requestId, "requestId");
    }

    /** A person with no rights of their own but perhaps the administrator's. */
    public Caller(
            long workspaceId, long userId, String userName, boolean admin, @Nullable String service, String requestId) {
        this(workspaceId, userId, userName, admin ? Rights.ADMIN : Rights.NONE, service, "", requestId);
    }

    /** A service acting for a whole workspace. */
    public static Caller service(String service, long workspaceId, String requestId) {
        return new Caller(workspaceId, 0, "", false, service, requestId);
    }

    public Person person() {
        return new Person(workspaceId, userId);
    }

    /** The same person and workspace, called for by a service. */
    public Caller via(String callingService) {
        return new Caller(workspaceId, userId, userName, rights, callingService, action, requestId);
    }

    /** The same caller, doing what a route declares. */
    public Caller doing(String routeAction) {
        return new Caller(workspaceId, userId, userName, rights, service, routeAction, requestId);
    }

    /** The same caller, in another request. */
    public Caller asking(String otherRequestId) {
        return new Caller(workspaceId, userId, userName, rights, service, action, otherRequestId);
    }

    /** The same person with other rights. */
    public Caller with(Rights other) {
        return new Caller(workspaceId, userId, userName, other, service, action, requestId);
    }

    /** Whether the caller administers the workspace. */
    public boolean admin() {
        return rights.admin();
    }

    /** Ids of all groups the caller is in, also through other groups. */
    public Set<Long> groups() {
        return rights.groups();
    }

    public void requireAdmin() {
        if (!admin()) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "Only an administrator of the workspace may do this");
        }
    }

    public void requireAccountAdmin() {
        if (!rights.accountAdmin()) {
            throw new ApiException(ErrorCode.PERMISSION_DENIED, "Only an administrator of the account may do this");
        }
    }
}
