package io.campanile.common.http;

import static java.util.Objects.requireNonNull;

/** The permission a route declares where it is mounted: {@code new Requires("workspace.mkdirs", "directory", Access.OBJECT)}. */
public record Requires(String action, String resource, Access access) {
    public Requires {
        requireNonNull(action, "action");
        requireNonNull(resource, "resource");
        requireNonNull(access, "access");
    }

    public static Requires user(String action, String resource) {
        return new Requires(action, resource, Access.USER);
    }

    public static Requires object(String action, String resource) {
        return new Requires(action, resource, Access.OBJECT);
    }

    public static Requires admin(String action, String resource) {
        return new Requires(action, resource, Access.ADMIN);
    }

    public static Requires account(String action, String resource) {
        return new Requires(action, resource, Access.ACCOUNT);
    }

    public static Requires service(String action, String resource) {
        return new Requires(action, resource, Access.SERVICE);
    }

    public static Requires node(String action, String resource) {
        return new Requires(action, resource, Access.NODE);
    }
}
