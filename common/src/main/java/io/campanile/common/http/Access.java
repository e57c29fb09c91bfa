package io.campanile.common.http;

/** Who may use a route at all. What a route does to one object is decided by its service with {@code Caller}. */
public enum Access {
    /** Anybody, without a credential: health only. */
    OPEN,
    /** Any user of the workspace. */
    USER,
    /** Any user of the workspace; the service checks the permission on the object that the request names. */
    OBJECT,
    /** An administrator of the workspace. */
    ADMIN,
    /** An administrator of the account: of all workspaces of this installation. */
    ACCOUNT,
    /** Another service of this installation. */
    SERVICE,
    /** A node agent with its own credential, checked by the handler. */
    NODE
}
