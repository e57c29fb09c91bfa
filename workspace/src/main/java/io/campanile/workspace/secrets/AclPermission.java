package io.campanile.workspace.secrets;

/** What a principal may do with a scope; each level includes those before it. */
enum AclPermission {
    READ,
    WRITE,
    MANAGE;

    boolean includes(AclPermission wanted) {
        return compareTo(wanted) >= 0;
    }
}
