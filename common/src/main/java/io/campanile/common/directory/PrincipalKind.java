package io.campanile.common.directory;

/** What can be given a permission. */
public enum PrincipalKind {
    USER,
    GROUP,
    SERVICE_PRINCIPAL
}
