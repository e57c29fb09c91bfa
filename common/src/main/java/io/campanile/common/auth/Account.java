package io.campanile.common.auth;

/** The account all workspaces of an installation belong to. There is one; clients only want a stable UUID. */
public final class Account {
    public static final String ID = "00000000-0000-4000-8000-000000000001";

    private Account() {}
}
